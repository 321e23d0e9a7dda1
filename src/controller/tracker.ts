import type {KubeObject, ObjectKey} from '../api/meta/object.ts'
import type {ResourceType} from '../api/meta/resource-type.ts'

/**
 * Remembers which keys want to be reconciled when some other object changes.
 *
 * A subscription stays until {@link forget}: telling a reconciler once too often is harmless, once
 * too seldom is not.
 *
 * Counterpart of knative.dev/pkg `tracker`.
 */
export class Tracker {
  readonly #followers = new Map<string, Set<string>>()
  readonly #enqueue: (key: string) => void

  constructor(enqueue: (key: string) => void) {
    this.#enqueue = enqueue
  }

  /** Enqueues `key` whenever the object changes, appears or goes. */
  track(type: ResourceType, object: ObjectKey, key: string): void {
    const id = idOf(type, object)
    const keys = this.#followers.get(id)
    if (keys === undefined) this.#followers.set(id, new Set([key]))
    else keys.add(key)
  }

  /** Drops all subscriptions of `key`. */
  forget(key: string): void {
    for (const [id, keys] of this.#followers) {
      keys.delete(key)
      if (keys.size === 0) this.#followers.delete(id)
    }
  }

  /** Says that an object changed. */
  changed(type: ResourceType, object: KubeObject): void {
    for (const key of this.#followers.get(idOf(type, object.metadata)) ?? []) this.#enqueue(key)
  }
}

function idOf(type: ResourceType, {namespace, name}: ObjectKey): string {
  return `${type.group}/${type.plural}/${namespace ?? ''}/${name}`
}
