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

/**
 * Counterpart of k8s.io/apiextensions-apiserver `pkg/registry/customresourcedefinition`. A definition
 * is established by the write that stores it, since its kind is served by the next request.
 */
export const definitionStrategy = strategy({
  hasStatus: true,
  metadataKeptByStatus: undefined,
  hasGeneration: true,
  allowsUnconditionalUpdate: false,
  applyDefaults: defaultCustomResourceDefinition,
  prepareForCreate(object) {
    object['status'] = statusOf(object, undefined)
  },
  prepareForUpdate(object, old) {
    object['status'] = statusOf(object, old)
  },
  keepsOwnStatus: true,
  validate: validateDefinition,
  validateUpdate: validateDefinitionUpdate,
  deletionFinalizers: [CLEANUP_FINALIZER],
  markDeleted: (object, nowMs) => setTerminating(object, 'pending', nowMs),
})

/** The status as far as it follows from the definition alone; the names are settled when it is stored. */
function statusOf(object: JsonObject, old: KubeObject | undefined): JsonObject {
  const versions = objectsAt(objectAt(object, 'spec'), 'versions')
  const before = objectAt(old && asJson(old), 'status')
  const storageName = stringAt(
    versions.find((version) => version['storage'] === true),
    'name',
  )
  const stored = stringsAt(before, 'storedVersions')
  return cloneJson({
    conditions: objectsAt(before, 'conditions'),
    acceptedNames: objectAt(before, 'acceptedNames'),
    storedVersions:
      storageName === '' || stored.includes(storageName) ? stored : [...stored, storageName],
  })
}
