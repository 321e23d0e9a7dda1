import type {KubeObject, Status, UnknownObject, WatchEvent} from '../../../src/api/meta/object.ts'
import type {ApiRequest, ApiResponse, Transport} from '../../../src/api/transport.ts'
import type {Storage} from '../../../src/kubernetes/storage/storage.ts'
import type {FakeClock} from '../../../src/util/fake-clock.ts'

/** A way to an API server that has the namespace `default` with its ServiceAccount, and no more. */
export interface ApiUnderTest {
  readonly transport: Transport
  /** The clock of the server. */
  readonly clock: FakeClock
  /** The storage below the server, to look at and to compact. */
  readonly storage: Storage
  close(): Promise<void>
}

/** An answer with a document. */
export interface Answer {
  readonly status: number
  readonly value: UnknownObject
  readonly warnings: readonly string[]
}

/** What the suite sends, without the ceremony. */
export class Api {
  readonly under: ApiUnderTest

  constructor(under: ApiUnderTest) {
    this.under = under
  }

  get(path: string, query?: ApiRequest['query'], accept?: string): Promise<Answer> {
    return this.#document({
      method: 'GET',
      path,
      ...(query && {query}),
      ...(accept !== undefined && {headers: {accept}}),
    })
  }

  post(path: string, body: unknown, query?: ApiRequest['query']): Promise<Answer> {
    return this.#document({method: 'POST', path, body, ...(query && {query})})
  }

  put(path: string, body: unknown, query?: ApiRequest['query']): Promise<Answer> {
    return this.#document({method: 'PUT', path, body, ...(query && {query})})
  }

  patch(
    path: string,
    kind: 'json-patch' | 'merge-patch' | 'strategic-merge-patch',
    body: unknown,
    query?: ApiRequest['query'],
  ): Promise<Answer> {
    const headers = {'content-type': `application/${kind}+json`}
    return this.#document({method: 'PATCH', path, headers, body, ...(query && {query})})
  }

  apply(path: string, body: unknown, manager: string, force = false): Promise<Answer> {
    return this.#document({
      method: 'PATCH',
      path,
      headers: {'content-type': 'application/apply-patch+yaml'},
      query: {fieldManager: manager, ...(force && {force: 'true'})},
      body,
    })
  }

  delete(path: string, options?: unknown, query?: ApiRequest['query']): Promise<Answer> {
    return this.#document({
      method: 'DELETE',
      path,
      ...(query && {query}),
      ...(options !== undefined && {body: options}),
    })
  }

  /** Opens a watch; the caller ends it. */
  async watch(path: string, query: Readonly<Record<string, string>> = {}): Promise<Watch> {
    const abort = new AbortController()
    const answer = await this.under.transport.send({
      method: 'GET',
      path,
      query: {watch: 'true', ...query},
      signal: abort.signal,
    })
    if (answer.body.kind !== 'watch') throw new Error(`no watch: ${JSON.stringify(answer)}`)
    return new Watch(answer.body.events, abort)
  }

  send(request: ApiRequest): Promise<ApiResponse> {
    return this.under.transport.send(request)
  }

  async #document(request: ApiRequest): Promise<Answer> {
    const {status, body, warnings} = await this.send(request)
    if (body.kind !== 'json') throw new Error(`no document: ${body.kind}`)
    return {status, value: body.value as UnknownObject, warnings}
  }
}

/** A watch that is read one event at a time. */
export class Watch {
  readonly #events: AsyncIterator<WatchEvent>
  readonly #abort: AbortController

  constructor(events: AsyncIterable<WatchEvent>, abort: AbortController) {
    this.#events = events[Symbol.asyncIterator]()
    this.#abort = abort
  }

  async next(): Promise<WatchEvent> {
    const result = await this.#events.next()
    if (result.done === true) throw new Error('the watch has ended')
    return result.value
  }

  /** The next events in short: `ADDED a`. */
  async take(count: number): Promise<string[]> {
    const texts: string[] = []
    while (texts.length < count) {
      const {type, object} = await this.next()
      texts.push(`${type} ${type === 'ERROR' ? statusOf(object) : nameOf(object)}`)
    }
    return texts
  }

  /** Whether the watch ends without another event. */
  async isOver(): Promise<boolean> {
    return (await this.#events.next()).done === true
  }

  close(): void {
    this.#abort.abort()
  }
}

function nameOf(object: unknown): string {
  return (object as KubeObject).metadata.name ?? ''
}

function statusOf(object: unknown): string {
  return String((object as Status).code)
}

/** A ConfigMap of the namespace `default`. */
export function configMap(
  name: string,
  data: Record<string, string> = {},
  meta: object = {},
): object {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, ...meta}, data}
}

export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
export const PODS = '/api/v1/namespaces/default/pods'
export const SERVICES = '/api/v1/namespaces/default/services'
export const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'
