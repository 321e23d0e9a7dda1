import type {KubeObject} from '../../../src/api/meta/object.ts'
import type {StorageOptions} from '../../../src/kubernetes/storage/log-storage.ts'
import type {Storage, StorageEvent, StorageWatch} from '../../../src/kubernetes/storage/storage.ts'

/** A kind of storage under test. */
export interface StorageUnderTest {
  /** A new, empty storage; whatever it needs is removed when the test ends. */
  open(options?: StorageOptions): Storage
  /** Closes the storage and opens it again from what it kept; absent where nothing survives. */
  reopen?: (storage: Storage, options?: StorageOptions) => Storage
}

/** A small object whose label `value` tells writes apart. */
export function pod(name: string, value = ''): KubeObject {
  return {apiVersion: 'v1', kind: 'Pod', metadata: {name, labels: {value}}}
}

/** Takes `count` events, or fewer if the watch ends before. Leaves the watch open. */
export async function take(watch: StorageWatch, count: number): Promise<StorageEvent[]> {
  const events: StorageEvent[] = []
  const iterator = watch[Symbol.asyncIterator]()
  while (events.length < count) {
    const result = await iterator.next()
    if (result.done === true) break
    events.push(result.value)
  }
  return events
}

/** What a stored object or an event holds, with getters read. */
export function plain(value: object): Record<string, unknown> {
  const keys = ['type', 'key', 'storeRevision', 'object', 'previous'] as const
  const read = value as Record<string, unknown>
  return Object.fromEntries(
    keys.filter((key) => read[key] !== undefined).map((key) => [key, read[key]]),
  )
}

/** The keys of the next `count` events. */
export async function takeKeys(watch: StorageWatch, count: number): Promise<string[]> {
  return (await take(watch, count)).map((event) => event.key)
}

/** The names of a list's objects, in its order. */
export function names(list: {items: {object: KubeObject}[]}): string[] {
  return list.items.map((item) => item.object.metadata.name)
}

/** The values of a list's objects, in its order. */
export function labels(list: {items: {object: KubeObject}[]}): unknown[] {
  return list.items.map((item) => item.object.metadata.labels?.['value'])
}

/** The value of an event's object. */
export function label(event: StorageEvent): unknown {
  return event.object.metadata.labels?.['value']
}

/** What `run` throws, or undefined. */
export function caught(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}
