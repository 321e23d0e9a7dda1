/**
 * The least of a Kubernetes API that controllers need: a store with resource versions, generations,
 * the status subresource, finalizers, merge patches and watches. It answers as an API server would,
 * judges nothing, and counts what is written.
 */
import type {KubeList, UnknownObject, WatchEvent} from '../../src/api/meta/object.ts'
import {failure, StatusError} from '../../src/api/meta/status-error.ts'
import type {ApiRequest, ApiResponse, Transport} from '../../src/api/transport.ts'
import {semanticEqual} from '../../src/util/semantic-equal.ts'

interface Target {
  /** `/apis/group/version/plural` or `/api/v1/plural`. */
  readonly collection: string
  readonly plural: string
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly subresource: string | undefined
}

type Watcher = (event: WatchEvent) => void
type Stored = UnknownObject & {spec?: unknown; status?: unknown}

export class TinyApi implements Transport {
  /** `create podautoscalers`, `status ingresses`, … in order. */
  readonly writes: string[] = []
  readonly #objects = new Map<string, Map<string, Stored>>()
  readonly #watchers = new Map<string, Set<Watcher>>()
  #version = 0

  send(request: ApiRequest): Promise<ApiResponse> {
    try {
      return Promise.resolve(this.#handle(request))
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      return Promise.resolve(answer(error.status, error.code))
    }
  }

  #handle(request: ApiRequest): ApiResponse {
    const target = parsePath(request.path)
    switch (request.method) {
      case 'GET':
        if (target.name !== undefined) return answer(this.#get(target))
        return request.query?.['watch'] === 'true'
          ? this.#watch(target, request)
          : this.#list(target)
      case 'POST':
        return answer(this.#create(target, request.body as Stored), 201)
      case 'PUT':
        return answer(this.#update(target, request.body as Stored))
      case 'PATCH': {
        const merged = mergePatch(this.#get(target), request.body) as Stored
        return answer(this.#update(target, merged))
      }
      case 'DELETE':
        return answer(this.#delete(target))
    }
  }

  #kind(collection: string): Map<string, Stored> {
    let objects = this.#objects.get(collection)
    if (objects === undefined) this.#objects.set(collection, (objects = new Map()))
    return objects
  }

  #get(target: Target): Stored {
    const object = this.#kind(target.collection).get(keyOf(target))
    if (object === undefined) {
      throw failure(404, 'NotFound', `${target.plural} "${target.name ?? ''}" not found`)
    }
    return object
  }

  #list(target: Target): ApiResponse {
    const list: KubeList<Stored> = {
      apiVersion: 'v1',
      kind: 'List',
      metadata: {resourceVersion: String(this.#version)},
      items: [...this.#kind(target.collection).values()],
    }
    return answer(list)
  }

  #watch(target: Target, request: ApiRequest): ApiResponse {
    const queue: WatchEvent[] = []
    let wake = (): void => undefined
    const watcher: Watcher = (event) => {
      queue.push(event)
      wake()
    }
    const watchers = this.#watchers.get(target.collection) ?? new Set()
    this.#watchers.set(target.collection, watchers.add(watcher))
    const {signal} = request
    signal?.addEventListener('abort', () => wake())
    async function* events(): AsyncGenerator<WatchEvent> {
      while (signal?.aborted !== true) {
        const event = queue.shift()
        if (event !== undefined) yield event
        else await new Promise<void>((resolve) => (wake = resolve))
      }
      watchers.delete(watcher)
    }
    return {status: 200, headers: {}, warnings: [], body: {kind: 'watch', events: events()}}
  }

  #create(target: Target, body: Stored): Stored {
    const {name, namespace} = body.metadata
    const key = keyOf({name, namespace})
    const objects = this.#kind(target.collection)
    if (objects.has(key)) throw failure(409, 'AlreadyExists', `${target.plural} "${name}" exists`)
    this.writes.push(`create ${target.plural}`)
    const object = structuredClone(body)
    object.metadata.uid = `uid-${this.#version + 1}`
    object.metadata.generation = 1
    return this.#store(target, key, object, 'ADDED')
  }

  #update(target: Target, body: Stored): Stored {
    const before = this.#get(target)
    const {resourceVersion} = body.metadata
    if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion) {
      throw failure(409, 'Conflict', `${target.plural} "${target.name ?? ''}" was changed`)
    }
    const isStatus = target.subresource === 'status'
    const after = structuredClone(isStatus ? {...before, status: body.status} : body)
    if (!isStatus && before.status !== undefined && target.plural !== 'pods') {
      after.status = structuredClone(before.status)
    }
    if (semanticEqual(before, after)) return before
    this.writes.push(`${isStatus ? 'status' : 'update'} ${target.plural}`)
    if (!semanticEqual(before.spec, after.spec)) {
      after.metadata.generation = (before.metadata.generation ?? 1) + 1
    }
    const gone =
      after.metadata.deletionTimestamp !== undefined &&
      (after.metadata.finalizers ?? []).length === 0
    return this.#store(target, keyOf(target), after, gone ? 'DELETED' : 'MODIFIED')
  }

  #delete(target: Target): Stored {
    const object = structuredClone(this.#get(target))
    this.writes.push(`delete ${target.plural}`)
    const kept = (object.metadata.finalizers ?? []).length > 0
    object.metadata.deletionTimestamp = '2024-04-22T00:00:00Z'
    return this.#store(target, keyOf(target), object, kept ? 'MODIFIED' : 'DELETED')
  }

  #store(
    target: Target,
    key: string,
    object: Stored,
    type: 'ADDED' | 'MODIFIED' | 'DELETED',
  ): Stored {
    this.#version += 1
    object.metadata.resourceVersion = String(this.#version)
    deepFreeze(object)
    if (type === 'DELETED') this.#kind(target.collection).delete(key)
    else this.#kind(target.collection).set(key, object)
    for (const watcher of this.#watchers.get(target.collection) ?? []) watcher({type, object})
    return object
  }
}

function answer(value: unknown, status = 200): ApiResponse {
  return {status, headers: {}, warnings: [], body: {kind: 'json', value}}
}

function parsePath(path: string): Target {
  const parts = path.split('/').slice(1).map(decodeURIComponent)
  const root = parts.splice(0, parts[0] === 'api' ? 2 : 3)
  let namespace: string | undefined
  if (parts[0] === 'namespaces' && parts.length > 2) [, namespace] = parts.splice(0, 2)
  const [plural = '', name, subresource] = parts
  return {collection: [...root, plural].join('/'), plural, namespace, name, subresource}
}

function keyOf({namespace, name}: {namespace?: string | undefined; name?: string | undefined}) {
  return `${namespace ?? ''}/${name ?? ''}`
}

function mergePatch(before: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const result: Record<string, unknown> = {...(before as Record<string, unknown> | undefined)}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else if (value !== undefined) result[key] = mergePatch(result[key], value)
  }
  return result
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const item of Object.values(value)) deepFreeze(item)
}
