import type {
  KubeList,
  KubeObject,
  ObjectKey,
  Status,
  StatusDetails,
  WatchEvent,
} from '../api/meta/object.ts'
import {resourcePath, type ResourceType} from '../api/meta/resource-type.ts'
import {failure, isNotFound, StatusError} from '../api/meta/status-error.ts'
import type {ApiRequest, ApiResponse, Transport} from '../api/transport.ts'
import {KntoolError} from '../errors/kntool-error.ts'

/** What narrows a list or a watch. */
export interface ListOptions {
  /** Without it, all namespaces. */
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
  readonly limit?: number
  readonly continue?: string
  readonly resourceVersion?: string
  readonly signal?: AbortSignal
}

/** What accompanies a write. */
export interface WriteOptions {
  /** Checks and answers as if written, but writes nothing. */
  readonly dryRun?: boolean
  readonly fieldManager?: string
  /** What becomes of fields the server does not know; without it, it warns. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  readonly signal?: AbortSignal
}

/** The patch types of the Kubernetes API, by media type. */
export const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const

/** What is deleted, and how. */
export interface DeleteOptions extends WriteOptions {
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  readonly gracePeriodSeconds?: number
  readonly preconditions?: {readonly uid?: string; readonly resourceVersion?: string}
}

/**
 * Typed access to a Kubernetes API, wherever it runs.
 *
 * - Failures of the API are thrown as {@link StatusError}; no answer at all as `KN_UNREACHABLE`.
 * - Objects from the embedded API server are frozen: copy before changing.
 * - Warnings of the server go to `onWarning`.
 */
export class Client {
  readonly #transport: Transport
  readonly #onWarning: (text: string) => void
  readonly #fieldManager: string | undefined

  constructor(
    transport: Transport,
    options: {onWarning?: (text: string) => void; fieldManager?: string} = {},
  ) {
    this.#transport = transport
    this.#onWarning = options.onWarning ?? (() => undefined)
    this.#fieldManager = options.fieldManager
  }

  /** Reads an object. */
  get<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    options: {signal?: AbortSignal} = {},
  ): Promise<T> {
    return this.#json<T>({method: 'GET', path: resourcePath(type, key), ...options})
  }

  /** Reads an object that may not be there. */
  async find<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): Promise<T | undefined> {
    try {
      return await this.get(type, key)
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  /** Reads a collection: one page if `limit` is given, else everything at once. */
  async list<T extends KubeObject>(
    type: ResourceType<T>,
    options: ListOptions = {},
  ): Promise<KubeList<T>> {
    const request: ApiRequest = {
      method: 'GET',
      path: resourcePath(type, {namespace: options.namespace}),
      query: listQuery(options),
      ...(options.signal && {signal: options.signal}),
    }
    const {body} = await this.raw(request)
    const list = (body.kind === 'json' ? body.value : undefined) as Partial<KubeList<T>> | undefined
    // Go writes a list that was never filled as null.
    if (list?.items === null) return {...(list as KubeList<T>), items: []}
    if (!Array.isArray(list?.items) || !list.items.every(isObject)) {
      throw notKubernetes(request, 'no list of objects')
    }
    return list as KubeList<T>
  }

  /** Creates an object in the namespace it names. */
  create<T extends KubeObject>(
    type: ResourceType<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#json<T>({
      method: 'POST',
      path: resourcePath(type, {namespace: object.metadata.namespace}),
      query: this.#writeQuery(options),
      body: object,
      ...(options.signal && {signal: options.signal}),
    })
  }

  /** Replaces an object; refused with Conflict if its resourceVersion is not the newest. */
  update<T extends KubeObject>(
    type: ResourceType<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#put(type, object, undefined, options)
  }

  /** Replaces the status of an object, nothing else. */
  updateStatus<T extends KubeObject>(
    type: ResourceType<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#put(type, object, 'status', options)
  }

  /** Changes an object by a patch of one of {@link PATCH_TYPES}. */
  patch<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: {
      readonly type: Exclude<keyof typeof PATCH_TYPES, 'apply'>
      readonly body: unknown
      readonly subresource?: string
    },
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#json<T>({
      method: 'PATCH',
      path: resourcePath(type, {...key, subresource: patch.subresource}),
      query: this.#writeQuery(options),
      headers: {'content-type': PATCH_TYPES[patch.type]},
      body: patch.body,
      ...(options.signal && {signal: options.signal}),
    })
  }

  /** Server-side apply: creates the object or changes the fields it names. */
  apply<T extends KubeObject>(
    type: ResourceType<T>,
    object: T,
    options: WriteOptions & {fieldManager: string; force?: boolean},
  ): Promise<T> {
    return this.#json<T>({
      method: 'PATCH',
      path: resourcePath(type, object.metadata),
      query: {...this.#writeQuery(options), force: options.force ? 'true' : undefined},
      headers: {'content-type': PATCH_TYPES.apply},
      body: object,
      ...(options.signal && {signal: options.signal}),
    })
  }

  /** Deletes an object. Resolves when the server accepted, not when the object is gone. */
  async delete(type: ResourceType, key: ObjectKey, options: DeleteOptions = {}): Promise<void> {
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(options.propagationPolicy && {propagationPolicy: options.propagationPolicy}),
      ...(options.gracePeriodSeconds !== undefined && {
        gracePeriodSeconds: options.gracePeriodSeconds,
      }),
      ...(options.preconditions && {preconditions: options.preconditions}),
      ...(options.dryRun && {dryRun: ['All']}),
    }
    await this.raw({method: 'DELETE', path: resourcePath(type, key), body})
  }

  /** Events after `resourceVersion`, until `signal` aborts or the server ends the stream. */
  async watch<T extends KubeObject>(
    type: ResourceType<T>,
    options: ListOptions & {allowBookmarks?: boolean} = {},
  ): Promise<AsyncIterable<WatchEvent<T>>> {
    const response = await this.raw({
      method: 'GET',
      path: resourcePath(type, {namespace: options.namespace}),
      query: {
        ...listQuery(options),
        watch: 'true',
        allowWatchBookmarks: options.allowBookmarks === false ? undefined : 'true',
      },
      ...(options.signal && {signal: options.signal}),
    })
    if (response.body.kind !== 'watch') {
      throw notAWatch(type)
    }
    return response.body.events as AsyncIterable<WatchEvent<T>>
  }

  /**
   * Calls `onEvent` with the events after `resourceVersion`; resolves when the stream ends, or when
   * `onEvent` answers false. Where the server is this process, each call happens within the write
   * that made the event, so that nobody who reads what `onEvent` keeps is behind.
   */
  async follow<T extends KubeObject>(
    type: ResourceType<T>,
    options: ListOptions & {resourceVersion: string},
    onEvent: (event: WatchEvent<T>) => boolean,
  ): Promise<void> {
    const ending = new AbortController()
    const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal
    const {body} = await this.raw({
      method: 'GET',
      path: resourcePath(type, {namespace: options.namespace}),
      query: {...listQuery(options), watch: 'true', allowWatchBookmarks: 'true'},
      signal,
    })
    if (body.kind !== 'watch') throw notAWatch(type)
    const {subscribe} = body
    if (subscribe !== undefined) {
      await new Promise<void>((resolve) => {
        subscribe((event) => {
          if (!onEvent(event as WatchEvent<T>)) ending.abort()
        }, resolve)
      })
      return
    }
    for await (const event of body.events as AsyncIterable<WatchEvent<T>>) {
      if (!onEvent(event)) break
    }
    ending.abort()
  }

  /** Sends a request as it is; a failure status is thrown. */
  async raw(request: ApiRequest): Promise<ApiResponse> {
    const response = await this.#transport.send(request)
    for (const warning of response.warnings) this.#onWarning(warning)
    if (response.status >= 300 && response.status < 400) {
      throw notKubernetes(request, `a redirection (${response.status})`)
    }
    if (response.status < 400) return response
    throw await toStatusError(response)
  }

  async #json<T>(request: ApiRequest): Promise<T> {
    const response = await this.raw(request)
    if (response.body.kind !== 'json') throw notKubernetes(request, 'something that is not JSON')
    if (!isAnswer(response.body.value, request)) throw notKubernetes(request, 'no object')
    return response.body.value as T
  }

  #put<T extends KubeObject>(
    type: ResourceType<T>,
    object: T,
    subresource: string | undefined,
    options: WriteOptions,
  ): Promise<T> {
    return this.#json<T>({
      method: 'PUT',
      path: resourcePath(type, {
        namespace: object.metadata.namespace,
        name: object.metadata.name,
        subresource,
      }),
      query: this.#writeQuery(options),
      body: object,
      ...(options.signal && {signal: options.signal}),
    })
  }

  #writeQuery(options: WriteOptions): Record<string, string | undefined> {
    return {
      dryRun: options.dryRun ? 'All' : undefined,
      fieldManager: options.fieldManager ?? this.#fieldManager,
      fieldValidation: options.fieldValidation,
    }
  }
}

/** Whether a document has what every object has; the rest is up to who reads it. */
function isObject(value: unknown): boolean {
  const {metadata} = (value ?? {}) as Partial<KubeObject>
  return typeof metadata === 'object' && metadata !== null && typeof metadata.name === 'string'
}

/**
 * Whether a document may be the answer to a request for one object. Reviews (of access, of tokens) are
 * asked without a name and stored nowhere: they have none, but a verdict.
 */
function isAnswer(value: unknown, {body}: ApiRequest): boolean {
  if (!isReview(body)) return isObject(value)
  const {status} = (value ?? {}) as {status?: unknown}
  return typeof status === 'object' && status !== null
}

function isReview(sent: unknown): boolean {
  const {kind, metadata} = (sent ?? {}) as Partial<KubeObject>
  return kind?.endsWith('Review') === true && metadata?.name === undefined
}

function notKubernetes({method, path}: ApiRequest, what: string): KntoolError {
  return new KntoolError('KN_UNREACHABLE', `The server answered ${method} ${path} with ${what}.`, {
    hint: 'Check that the address in the kubeconfig is a Kubernetes API server.',
    details: {path},
  })
}

function notAWatch(type: ResourceType): StatusError {
  return failure(500, 'InternalError', `a watch of ${type.plural} was answered with a document`)
}

function listQuery(options: ListOptions): Record<string, string | undefined> {
  return {
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    limit: options.limit?.toString(),
    continue: options.continue,
    resourceVersion: options.resourceVersion,
  }
}

async function toStatusError(response: ApiResponse): Promise<StatusError> {
  if (response.body.kind === 'json') {
    const value = response.body.value as Partial<Status> | null
    if (value?.kind === 'Status') {
      const details = {...retryWish(response), ...value.details}
      return new StatusError({
        ...value,
        ...(Object.keys(details).length > 0 && {details}),
        code: response.status,
      } as Status)
    }
    return failure(response.status, '', JSON.stringify(value), retryWish(response))
  }
  let text = ''
  if (response.body.kind === 'bytes') {
    const decoder = new TextDecoder()
    for await (const chunk of response.body.chunks) text += decoder.decode(chunk, {stream: true})
  }
  const message = text.trim() || `the server answered ${response.status}`
  return failure(response.status, '', message, retryWish(response))
}

/** When to come again; a server that is overloaded says so in a header, with a text for a body. */
function retryWish({headers}: ApiResponse): StatusDetails | undefined {
  const seconds = Number(headers['retry-after'])
  return seconds > 0 ? {retryAfterSeconds: seconds} : undefined
}
