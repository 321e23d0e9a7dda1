import type {KubeObject} from '../../api/meta/object.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {freezeDeep} from './freeze.ts'
import type {SizedObject} from './journal.ts'

/**
 * A stored object that is still the text it was on disk, and is parsed when first looked at.
 *
 * Opening ten thousand objects thus costs reading them, not building them.
 */
export class StoredText implements SizedObject {
  readonly key: string
  readonly storeRevision: number
  readonly size: number
  #text: string | undefined
  #object: KubeObject | undefined

  constructor(key: string, storeRevision: number, text: string) {
    this.key = key
    this.storeRevision = storeRevision
    this.size = text.length
    this.#text = text
  }

  /** @throws {KntoolError} KN_DATA_CORRUPT when the text is not JSON. */
  get object(): KubeObject {
    if (this.#object === undefined) {
      this.#object = parseObject(this.key, this.#text ?? '')
      this.#text = undefined
    }
    return this.#object
  }
}

function parseObject(key: string, text: string): KubeObject {
  try {
    const object = JSON.parse(text) as KubeObject
    freezeDeep(object)
    return object
  } catch (cause) {
    throw new KntoolError('KN_DATA_CORRUPT', `The stored object ${key} cannot be read.`, {
      hint: 'Delete the data of this cluster and start afresh: kntool local reset',
      details: {key},
      cause,
    })
  }
}
