import type {KubeObject} from '../../../api/meta/object.ts'
import type {Conversion} from './served-resource.ts'

/** The group version a kind is stored as, for kinds that are served as several. */
export function storedGroupVersion(groupVersion: string, kind: string): string {
  return STORED[`${groupVersion}/${kind}`] ?? groupVersion
}

/** How a kind of this version comes from and goes to its stored version. */
export function conversionOf(groupVersion: string, kind: string): Conversion | undefined {
  return CONVERSIONS[`${groupVersion}/${kind}`]
}

const STORED: Readonly<Record<string, string>> = {
  'events.k8s.io/v1/Event': 'v1',
  'autoscaling/v1/HorizontalPodAutoscaler': 'autoscaling/v2',
}

/** Only the apiVersion differs: what a CRD's conversion strategy `None` does, too. */
export function renamed(served: string, stored: string): Conversion {
  const cache = new WeakMap<KubeObject, KubeObject>()
  return {
    fromStorage(object) {
      const known = cache.get(object)
      if (known !== undefined) return known
      const converted = Object.freeze({...object, apiVersion: served})
      cache.set(object, converted)
      return converted
    },
    toStorage: (object) => ({...object, apiVersion: stored}),
  }
}

const CONVERSIONS: Readonly<Record<string, Conversion>> = {}
