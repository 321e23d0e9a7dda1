import type {KubeObject} from '../../../api/meta/object.ts'
import {freezeDeep} from '../../storage/freeze.ts'
import {asJson, type JsonObject} from '../json-value.ts'
import {autoscalerFromV1, autoscalerToV1} from './autoscaler-conversion.ts'
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

/** Only the apiVersion differs: what a CRD's conversion strategy `None` does. */
export function renamed(servedAs: string, storedAs: string): Conversion {
  return conversion(
    (object) => ({...object, apiVersion: servedAs}),
    (object) => ({...object, apiVersion: storedAs}),
  )
}

/** Remembers what it converted, so that one stored object has one face in each version. */
function conversion(
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

/** Fields of an Event by their names in `events.k8s.io/v1` and in `v1`. */
const EVENT_FIELDS: readonly (readonly [events: string, core: string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
]

function renameFields(
  object: JsonObject,
  names: readonly (readonly [string, string])[],
  apiVersion: string,
): JsonObject {
  const byName = new Map(names)
  return {
    ...Object.fromEntries(
      Object.entries(object).map(([name, value]) => [byName.get(name) ?? name, value]),
    ),
    apiVersion,
  }
}

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  'events.k8s.io/v1/Event': conversion(
    (object) =>
      renameFields(
        object,
        EVENT_FIELDS.map(([events, core]) => [core, events]),
        'events.k8s.io/v1',
      ),
    (object) => renameFields(object, EVENT_FIELDS, 'v1'),
  ),
  'autoscaling/v1/HorizontalPodAutoscaler': conversion(autoscalerToV1, autoscalerFromV1),
}
