import type {StructuralSchema} from '../../../api/extensions/structural-schema.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {isEstablished} from './stored-definitions.ts'
import {
  asJson,
  isJsonObject,
  jsonEqual,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import {
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from '../../apiserver/validation/field-error.ts'
import {dns1035Label, dnsSubdomain} from '../../apiserver/validation/names.ts'
import {validateSchema} from '../../apiserver/validation/structural-schema.ts'

/** What is wrong with a CustomResourceDefinition. */
export function validateDefinition(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const names = objectAt(spec, 'names')
  const errors: FieldError[] = []
  const group = stringAt(spec, 'group')
  const plural = stringAt(names, 'plural')
  const name = stringAt(objectAt(object, 'metadata'), 'name')
  if (name !== `${plural}.${group}`) {
    errors.push(invalidValue('metadata.name', name, `must be spec.names.plural+"."+spec.group`))
  }
  if (group === '') errors.push(required('spec.group'))
  else if (!group.includes('.')) {
    errors.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'))
  } else {
    for (const detail of dnsSubdomain(group)) errors.push(invalidValue('spec.group', group, detail))
  }
  const scope = stringAt(spec, 'scope')
  if (scope === '') errors.push(required('spec.scope'))
  else if (scope !== 'Namespaced' && scope !== 'Cluster') {
    errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']))
  }
  errors.push(...validateVersions(spec), ...validateNames(names))
  return errors
}

/** What may not change in a CustomResourceDefinition once objects can be stored by it. */
export function validateDefinitionUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const before = asJson(old)
  const immutable = isEstablished(before) ? [['scope'], ['names', 'kind']] : []
  const errors = immutable.flatMap((path) => {
    const value = valueAt(objectAt(object, 'spec'), path)
    if (jsonEqual(value, valueAt(objectAt(before, 'spec'), path))) return []
    return [invalidValue(`spec.${path.join('.')}`, value, 'field is immutable')]
  })
  return [...errors, ...validateStoredVersions(object, before)]
}

function valueAt(object: JsonObject, [field = '', ...rest]: readonly string[]): unknown {
  return rest.length === 0 ? object[field] : valueAt(objectAt(object, field), rest)
}

/** A version that something may be stored as cannot go. */
function validateStoredVersions(object: JsonObject, old: JsonObject): FieldError[] {
  const names = objectsAt(objectAt(object, 'spec'), 'versions').map(({name}) => name)
  const stored = stringsAt(objectAt(old, 'status'), 'storedVersions')
  return stored.flatMap((name, index) => {
    if (names.includes(name)) return []
    const why = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`
    return [invalidValue(`status.storedVersions[${index}]`, name, why)]
  })
}

function validateNames(names: JsonObject): FieldError[] {
  const errors: FieldError[] = []
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    const value = stringAt(names, field)
    if (value === '') errors.push(required(`spec.names.${field}`))
    else {
      const details = dns1035Label(value.toLowerCase())
      for (const detail of details) errors.push(invalidValue(`spec.names.${field}`, value, detail))
    }
  }
  const kind = stringAt(names, 'kind')
  if (kind !== '' && kind === stringAt(names, 'listKind')) {
    errors.push(invalidValue('spec.names.listKind', kind, 'kind and listKind may not be the same'))
  }
  return errors
}

function validateVersions(spec: JsonObject): FieldError[] {
  const versions = objectsAt(spec, 'versions')
  const errors: FieldError[] = []
  const stored = versions.filter((version) => version['storage'] === true)
  if (stored.length !== 1) {
    errors.push(
      invalidValue(
        'spec.versions',
        spec['versions'],
        'must have exactly one version marked as storage version',
      ),
    )
  }
  versions.forEach((version, index) => {
    const path = `spec.versions[${index}]`
    const name = stringAt(version, 'name')
    for (const detail of dns1035Label(name)) {
      errors.push(invalidValue(`${path}.name`, name, detail))
    }
    const hasSchema = objectAt(version, 'schema')['openAPIV3Schema'] !== undefined
    if (!hasSchema && spec['preserveUnknownFields'] !== true) {
      errors.push(required(`${path}.schema.openAPIV3Schema`, 'schemas are required'))
    }
  })
  return [...errors, ...validateSchemas(versions)]
}

/** Upstream keeps a schema that all versions share in one place, and names that place. */
function validateSchemas(versions: readonly JsonObject[]): FieldError[] {
  const schemas = versions.map((version) => objectAt(version, 'schema')['openAPIV3Schema'])
  const [first] = schemas
  if (isJsonObject(first) && schemas.every((schema) => jsonEqual(schema, first))) {
    return validateSchema(first as StructuralSchema, 'spec.validation.openAPIV3Schema')
  }
  return schemas.flatMap((schema, index) => {
    const path = `spec.versions[${index}].schema.openAPIV3Schema`
    return isJsonObject(schema) ? validateSchema(schema as StructuralSchema, path) : []
  })
}
