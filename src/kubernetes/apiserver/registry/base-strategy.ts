import type {KubeObject} from '../../../api/meta/object.ts'
import {asJson, jsonEqual, type JsonObject} from '../json-value.ts'
import {dnsSubdomain, nameCheck} from '../validation/names.ts'
import type {Strategy} from './strategy.ts'

/** A strategy that does what most kinds do; `own` says where a kind differs. */
export function strategy(own: Partial<Strategy> = {}): Strategy {
  return {
    hasStatus: false,
    createsWithStatus: false,
    metadataKeptByStatus: [],
    hasGeneration: false,
    keepsOwnStatus: false,
    allowsUnconditionalUpdate: true,
    createsOnUpdate: false,
    returnsDeletedObject: false,
    defaultPropagation: 'Background',
    validateName: nameCheck(dnsSubdomain),
    applyDefaults: () => undefined,
    prepareForCreate: () => undefined,
    prepareForUpdate: () => undefined,
    validate: () => [],
    validateCreate: () => [],
    validateUpdate: () => [],
    validateStatusUpdate: () => [],
    warnings: () => [],
    isHeld: () => false,
    ...own,
  }
}

/** The fields of an object that belong to nobody but the API: not part of the desired state. */
const NOT_DESIRED = new Set(['apiVersion', 'kind', 'metadata', 'status'])

/** Whether the desired state (everything but metadata and status) differs. */
export function desiredStateChanged(object: JsonObject, old: KubeObject): boolean {
  const before = asJson(old)
  const names = new Set([...Object.keys(object), ...Object.keys(before)])
  for (const name of names) {
    if (!NOT_DESIRED.has(name) && !jsonEqual(object[name], before[name])) return true
  }
  return false
}
