import type {KubeObject, ObjectKey} from '../api/meta/object.ts'
import type {ResourceType} from '../api/meta/resource-type.ts'
import {KeyMultimap} from '../util/key-multimap.ts'

/**
 * Remembers which keys want to be reconciled when some other object changes.
 *
 * A subscription stays until {@link forget}: telling a reconciler once too often is harmless, once
 * too seldom is not.
 *
 * Counterpart of knative.dev/pkg `tracker`.
 */
export class Tracker {
  readonly #followers = new KeyMultimap()
  /** The objects that each key follows. */
  readonly #followed = new KeyMultimap()
  readonly #enqueue: (key: string) => void

  constructor(enqueue: (key: string) => void) {
    this.#enqueue = enqueue
  }

  /** Enqueues `key` whenever the object changes, appears or goes. */
  track(type: ResourceType, object: ObjectKey, key: string): void {
    const id = idOf(type, object)
    this.#followers.add(id, key)
    this.#followed.add(key, id)
  }

  /** Drops all subscriptions of `key`. */
  forget(key: string): void {
    for (const id of this.#followed.get(key)) this.#followers.delete(id, key)
    this.#followed.deleteAll(key)
  }

  /** Says that an object changed. */
  changed(type: ResourceType, object: KubeObject): void {
    for (const key of this.#followers.get(idOf(type, object.metadata))) this.#enqueue(key)
  }
}

function idOf(type: ResourceType, {namespace, name}: ObjectKey): string {
  return `${type.group}/${type.plural}/${namespace ?? ''}/${name}`
}
