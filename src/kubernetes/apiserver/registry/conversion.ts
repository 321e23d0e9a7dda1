import type {KubeObject} from '../../../api/meta/object.ts'
import {freezeDeep} from '../../storage/freeze.ts'
import {asJson, type JsonObject} from '../json-value.ts'

/** How a version that is not the stored one reads and writes. Neither changes its argument. */
export interface Conversion {
  fromStorage(object: KubeObject): KubeObject
  toStorage(object: KubeObject): KubeObject
}

/** Only the apiVersion differs: what a CRD's conversion strategy `None` does. */
export function renamed(servedAs: string, storedAs: string): Conversion {
  return conversion(
    (object) => ({...object, apiVersion: servedAs}),
    (object) => ({...object, apiVersion: storedAs}),
  )
}

/** Remembers what it converted, so that one stored object has one face in each version. */
export function conversion(
  fromStorage: (object: JsonObject) => JsonObject,
  toStorage: (object: JsonObject) => JsonObject,
): Conversion {
  const known = new WeakMap<KubeObject, KubeObject>()
  return {
    fromStorage(object) {
      let converted = known.get(object)
      if (converted === undefined) {
        converted = fromStorage(asJson(object)) as unknown as KubeObject
        freezeDeep(converted)
        known.set(object, converted)
      }
      return converted
    },
    toStorage: (object) => toStorage(asJson(object)) as unknown as KubeObject,
  }
}
