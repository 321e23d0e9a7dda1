import {objectAt, objectsAt, stringAt, type JsonObject} from '../json-value.ts'
import {invalidValue, notSupported, required, type FieldError} from './field-error.ts'
import {dns1035Label, dnsSubdomain} from './names.ts'

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
  return errors
}
