import type {ResourceType} from '../../../api/meta/resource-type.ts'
import type {ServedResource} from '../registry/served-resource.ts'
import type {RequestInfo} from '../request-info.ts'

/** One kind of requests, and how many of them were answered. */
export interface RequestCount {
  readonly type: ResourceType
  readonly verb: string
  readonly subresource: string
  readonly code: number
  readonly count: number
}

/** Counts the answered requests to resources, those of parts of this program included. */
export class RequestCounts {
  readonly #counts = new Map<string, {-readonly [K in keyof RequestCount]: RequestCount[K]}>()

  add({type, subresources}: ServedResource, info: RequestInfo, verb: string, code: number): void {
    // Whatever clients make up would be counted for ever.
    const subresource = subresources.has(info.subresource ?? '') ? (info.subresource ?? '') : ''
    const key = `${type.group}/${type.version}/${type.plural}/${subresource}/${verb}/${code}`
    const known = this.#counts.get(key)
    if (known === undefined) this.#counts.set(key, {type, verb, subresource, code, count: 1})
    else known.count += 1
  }

  all(): Iterable<RequestCount> {
    return this.#counts.values()
  }
}

/** What monitoring calls a request. Counterpart of apiserver `metrics.CleanVerb`. */
export function verbLabel(
  method: string,
  info: RequestInfo,
  query: ReadonlyMap<string, string>,
): string {
  if (method !== 'GET') return method
  const isWatch = info.watch === true || ['true', '1'].includes(query.get('watch') ?? '')
  if (isWatch) return 'WATCH'
  return info.name === undefined ? 'LIST' : 'GET'
}
