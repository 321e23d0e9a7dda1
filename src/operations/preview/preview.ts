/** Runs an operation without its writes, and keeps what it would have written. */
import type {UnknownObject} from '../../api/meta/object.ts'
import {apiVersionOf} from '../../api/meta/resource-type.ts'
import {failure, isNotFound} from '../../api/meta/status-error.ts'
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import type {ApiRequest, ApiResponse, Transport} from '../../api/transport.ts'
import {Client, PATCH_TYPES} from '../../client/client.ts'
import {mergePatch} from '../../kubernetes/patch/merge-patch.ts'
import {applyJsonPatch, type JsonPatchOperation} from '../../util/json-patch.ts'
import {foretellService} from './foretell-service.ts'

/** Who says what a write would come to: the server, which checks everything, or kntool alone. */
export type PreviewMode = 'server' | 'client'

/** One object that would change: `before` is missing if it is new, `after` if it would go. */
export interface PlannedChange {
  readonly before: UnknownObject | undefined
  readonly after: UnknownObject | undefined
}

/** An operation run on {@link Preview.client} instead of the client it is for writes nothing. */
export interface Preview {
  readonly mode: PreviewMode
  readonly client: Client
  /** What the writes so far come to, one entry for each object, in the order of the first write. */
  changes(): readonly PlannedChange[]
}

/**
 * Begins a preview.
 *
 * Its client reads from the server, and reads objects that were "written" as they would be then. A
 * write is sent as a dry run (`server`), or answered here without defaults, admission and validation
 * (`client`), but for what {@link foretellService} knows.
 */
export function startPreview(client: Client, mode: PreviewMode): Preview {
  const transport = new PreviewTransport(client, mode)
  return {
    mode,
    client: new Client(transport, {fieldManager: 'kntool'}),
    changes: () => [...transport.changes.values()],
  }
}

class PreviewTransport implements Transport {
  /** By the path of the object. */
  readonly changes = new Map<string, PlannedChange>()
  readonly #client: Client
  readonly #mode: PreviewMode

  constructor(client: Client, mode: PreviewMode) {
    this.#client = client
    this.#mode = mode
  }

  async send(request: ApiRequest): Promise<ApiResponse> {
    if (request.method === 'GET') {
      const change = this.changes.get(request.path)
      if (change === undefined) return this.#client.raw(request)
      return change.after === undefined ? notFound() : answer(change.after)
    }
    const isCreate = request.method === 'POST'
    const known = isCreate ? undefined : this.changes.get(request.path)
    const current = isCreate ? undefined : known ? known.after : await this.#find(request.path)
    const response =
      this.#mode === 'server'
        ? await this.#client.raw(asDryRun(request))
        : foretell(answerHere(request, current), current)
    const {body} = response
    const object = body.kind === 'json' ? (body.value as UnknownObject) : undefined
    const name = object?.metadata?.name
    const path = isCreate ? `${request.path}/${name ?? ''}` : request.path
    const before = known === undefined ? current : known.before
    this.changes.set(path, {before, after: request.method === 'DELETE' ? undefined : object})
    return response
  }

  async #find(path: string): Promise<UnknownObject | undefined> {
    try {
      const {body} = await this.#client.raw({method: 'GET', path})
      return body.kind === 'json' ? (body.value as UnknownObject) : undefined
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
}

function asDryRun(request: ApiRequest): ApiRequest {
  // Of a DELETE that has a body, the server reads the options there and nowhere else.
  return request.method === 'DELETE'
    ? {...request, body: {...(request.body as object), dryRun: ['All']}}
    : {...request, query: {...request.query, dryRun: 'All'}}
}

/** What a server without defaults and rules would answer. */
function answerHere(request: ApiRequest, current: UnknownObject | undefined): ApiResponse {
  const {method, headers, body} = request
  if (method === 'POST') return answer(body)
  const type = headers?.['content-type']
  if (current === undefined && type !== PATCH_TYPES.apply) throw notFoundError()
  if (method === 'PUT') return answer(body)
  if (method === 'DELETE') return answer({kind: 'Status', apiVersion: 'v1', status: 'Success'})
  return type === PATCH_TYPES.json
    ? answer(applyJsonPatch(current, body as JsonPatchOperation[]))
    : answer(mergePatch(current ?? {}, body))
}

function foretell(response: ApiResponse, current: UnknownObject | undefined): ApiResponse {
  const after = response.body.kind === 'json' ? response.body.value : undefined
  return isService(current) && isService(after)
    ? answer(foretellService(current as unknown as Service, after as Service))
    : response
}

function isService(value: unknown): boolean {
  const {apiVersion, kind, spec} = (value ?? {}) as Partial<Service>
  const isOne = kind === SERVICES.kind && apiVersion === apiVersionOf(SERVICES)
  return isOne && Array.isArray(spec?.template?.spec?.containers)
}

function answer(value: unknown): ApiResponse {
  return {status: 200, headers: {}, warnings: [], body: {kind: 'json', value}}
}

function notFound(): never {
  throw notFoundError()
}

function notFoundError(): Error {
  return failure(404, 'NotFound', 'the object is not there')
}
