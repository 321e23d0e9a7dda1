import type {KubeObject} from '../../../api/meta/object.ts'
import {
  isJsonObject,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json-value.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'
import type {Strategy} from '../registry/strategy.ts'
import {forbidden, goValue, invalidValue, required, type FieldError} from './field-error.ts'
import {dnsSubdomain, labelValue, qualifiedName} from './names.ts'

const ANNOTATIONS_LIMIT_BYTES = 256 * 1024

/** What is wrong with the metadata of an object that is created. */
export function validateMeta(
  object: JsonObject,
  {
    type,
    strategy,
  }: {
    readonly type: Pick<ResourceType, 'namespaced'>
    readonly strategy: Pick<Strategy, 'validateName'>
  },
): FieldError[] {
  const meta = objectAt(object, 'metadata')
  const errors: FieldError[] = []
  const generateName = stringAt(meta, 'generateName')
  if (generateName !== '') {
    for (const detail of strategy.validateName(generateName, true)) {
      errors.push(invalidValue('metadata.generateName', generateName, detail))
    }
  }
  const name = stringAt(meta, 'name')
  if (name === '') {
    errors.push(required('metadata.name', 'name or generateName is required'))
  } else {
    for (const detail of strategy.validateName(name, false)) {
      errors.push(invalidValue('metadata.name', name, detail))
    }
  }
  if (type.namespaced && stringAt(meta, 'namespace') === '') {
    errors.push(required('metadata.namespace'))
  }
  errors.push(...validateCommonMeta(object))
  return errors
}

/** What is wrong with changed metadata. */
export function validateMetaUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const meta = objectAt(object, 'metadata')
  const errors: FieldError[] = []
  if (old.metadata.deletionTimestamp !== undefined) {
    const before = new Set(old.metadata.finalizers)
    const added = stringsAt(meta, 'finalizers').filter((name) => !before.has(name))
    if (added.length > 0) {
      errors.push(
        forbidden(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map(goValue).join(', ')}}`,
        ),
      )
    }
  }
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp'] as const) {
    const value = meta[field]
    if (value !== old.metadata[field]) {
      errors.push(invalidValue(`metadata.${field}`, value, 'field is immutable'))
    }
  }
  errors.push(...validateCommonMeta(object))
  return errors
}

/** What is wrong with labels, annotations, owners and finalizers. */
function validateCommonMeta(object: JsonObject): FieldError[] {
  const meta = objectAt(object, 'metadata')
  return [
    ...validateLabels(meta['labels'], 'metadata.labels'),
    ...validateAnnotations(meta['annotations'], 'metadata.annotations'),
    ...validateOwners(meta),
    ...validateFinalizers(meta),
  ]
}

/** What is wrong with a map of labels. */
export function validateLabels(labels: unknown, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!isJsonObject(labels)) return errors
  for (const [key, value] of Object.entries(labels)) {
    for (const detail of qualifiedName(key)) errors.push(invalidValue(path, key, detail))
    for (const detail of labelValue(String(value))) errors.push(invalidValue(path, value, detail))
  }
  return errors
}

/** What is wrong with a map of annotations. */
export function validateAnnotations(annotations: unknown, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!isJsonObject(annotations)) return errors
  let bytes = 0
  for (const [key, value] of Object.entries(annotations)) {
    for (const detail of qualifiedName(key.toLowerCase())) {
      errors.push(invalidValue(path, key, detail))
    }
    bytes += key.length + String(value).length
  }
  if (bytes > ANNOTATIONS_LIMIT_BYTES) {
    errors.push({
      reason: 'FieldValueTooLong',
      field: path,
      message: `Too long: may not be more than ${ANNOTATIONS_LIMIT_BYTES} bytes`,
    })
  }
  return errors
}

function validateOwners(meta: JsonObject): FieldError[] {
  const errors: FieldError[] = []
  let controller: JsonObject | undefined
  for (const owner of objectsAt(meta, 'ownerReferences')) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid']) {
      if (stringAt(owner, field) === '') {
        const detail = field === 'apiVersion' ? 'version must not be empty' : 'must not be empty'
        errors.push(invalidValue(`metadata.ownerReferences.${field}`, '', detail))
      }
    }
    if (owner['controller'] !== true) continue
    if (controller !== undefined) {
      errors.push(
        invalidValue(
          'metadata.ownerReferences',
          meta['ownerReferences'],
          `Only one reference can have Controller set to true. Found "true" in references for ${stringAt(controller, 'kind')}/${stringAt(controller, 'name')} and ${stringAt(owner, 'kind')}/${stringAt(owner, 'name')}`,
        ),
      )
    }
    controller = owner
  }
  return errors
}

const WELL_KNOWN_FINALIZERS = new Set(['orphan', 'foregroundDeletion', 'kubernetes'])

function validateFinalizers(meta: JsonObject): FieldError[] {
  const errors: FieldError[] = []
  const finalizers = stringsAt(meta, 'finalizers')
  for (const name of finalizers) {
    for (const detail of qualifiedName(name)) {
      errors.push(invalidValue('metadata.finalizers', name, detail))
    }
    if (!name.includes('/') && !WELL_KNOWN_FINALIZERS.has(name) && dnsSubdomain(name).length > 0) {
      errors.push(
        invalidValue(
          'metadata.finalizers',
          name,
          'name is neither a standard finalizer name nor is it fully qualified',
        ),
      )
    }
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(
      invalidValue(
        'metadata.finalizers',
        finalizers,
        'finalizer orphan and foregroundDeletion cannot be both set',
      ),
    )
  }
  return errors
}
