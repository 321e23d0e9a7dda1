import type {KubeObject} from '../../../api/meta/object.ts'
import {defaultCustomResourceDefinition} from '../defaulting/other-kinds.ts'
import {
  asJson,
  cloneJson,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json-value.ts'
import {CLEANUP_FINALIZER, setTerminating} from '../crd/terminating.ts'
import {validateDefinition, validateDefinitionUpdate} from '../validation/definition.ts'
import {strategy} from './base-strategy.ts'
import type {StrategyContext} from './strategy.ts'
import {timestamp} from '../timestamp.ts'

/**
 * Counterpart of k8s.io/apiextensions-apiserver `pkg/registry/customresourcedefinition`, and of its
 * naming and establishing controllers: here a definition is established by the write that stores
 * it, since its kind is served by the next request.
 */
export const definitionStrategy = strategy({
  hasStatus: true,
  metadataKeptByStatus: undefined,
  hasGeneration: true,
  allowsUnconditionalUpdate: false,
  applyDefaults: defaultCustomResourceDefinition,
  prepareForCreate(object, context) {
    object['status'] = statusOf(object, undefined, context)
  },
  prepareForUpdate(object, old, context) {
    object['status'] = statusOf(object, old, context)
  },
  keepsOwnStatus: true,
  validate: validateDefinition,
  validateUpdate: validateDefinitionUpdate,
  deletionFinalizers: [CLEANUP_FINALIZER],
  markDeleted: (object, nowMs) => setTerminating(object, 'pending', nowMs),
})

function statusOf(
  object: JsonObject,
  old: KubeObject | undefined,
  {clock}: StrategyContext,
): JsonObject {
  const spec = objectAt(object, 'spec')
  const before = objectAt(old && asJson(old), 'status')
  const storage = objectsAt(spec, 'versions').find((version) => version['storage'] === true)
  const storageName = stringAt(storage, 'name')
  const stored = stringsAt(before, 'storedVersions')
  const since = timestamp(clock.now())
  const known = objectsAt(before, 'conditions')
  const condition = (type: string, reason: string, message: string): JsonObject =>
    known.find((item) => item['type'] === type) ?? {
      type,
      status: 'True',
      lastTransitionTime: since,
      reason,
      message,
    }
  return cloneJson({
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ...known.filter(({type}) => type !== 'NamesAccepted' && type !== 'Established'),
    ],
    acceptedNames: objectAt(spec, 'names'),
    storedVersions:
      storageName === '' || stored.includes(storageName) ? stored : [...stored, storageName],
  })
}
