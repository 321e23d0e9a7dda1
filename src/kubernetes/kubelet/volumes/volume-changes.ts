import {CONFIG_MAPS, SECRETS} from '../../../api/core/v1.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import type {InformerFactory} from '../../../controller/informer.ts'

/**
 * Tells pods of changes of the ConfigMaps and Secrets that they show. Nothing is followed before the
 * first pod that shows any.
 */
export class VolumeChanges {
  readonly #informers: InformerFactory
  readonly #listeners = new Map<string, Set<() => void>>()
  #isFollowing = false

  constructor(informers: InformerFactory) {
    this.#informers = informers
  }

  /** Calls `listener` after a change of `configmap/name` or `secret/name`. Answers how to stop. */
  watch(namespace: string, references: Iterable<string>, listener: () => void): () => void {
    this.#follow()
    const keys = [...references].map((reference) => `${namespace}/${reference}`)
    for (const key of keys) {
      const known = this.#listeners.get(key) ?? new Set()
      this.#listeners.set(key, known.add(listener))
    }
    return () => {
      for (const key of keys) {
        const known = this.#listeners.get(key)
        known?.delete(listener)
        if (known?.size === 0) this.#listeners.delete(key)
      }
    }
  }

  #follow(): void {
    if (this.#isFollowing) return
    this.#isFollowing = true
    const tell = (kind: string) => (object: KubeObject) => {
      const {namespace, name} = object.metadata
      for (const listener of this.#listeners.get(`${namespace}/${kind}/${name}`) ?? []) listener()
    }
    const [configMap, secret] = [tell('configmap'), tell('secret')]
    this.#informers.of(CONFIG_MAPS).addHandler({onSet: configMap, onDelete: configMap})
    this.#informers.of(SECRETS).addHandler({onSet: secret, onDelete: secret})
  }
}
