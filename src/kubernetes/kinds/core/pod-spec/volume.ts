import {objectAt, objectsAt, stringAt, type JsonObject} from '../../../apiserver/json-value.ts'
import {
  duplicate,
  forbidden,
  invalidValue,
  required,
  type FieldError,
} from '../../../apiserver/validation/field-error.ts'
import {validateNoBacksteps} from './local-path.ts'
import {dnsLabel} from '../../../apiserver/validation/names.ts'
import {validateFields, validateKeys, validateMode, validateProjection} from './volume-files.ts'

/** What is wrong with the volumes of a pod, and what they are called. */
export function validateVolumes(
  spec: JsonObject,
  path: string,
): {readonly errors: readonly FieldError[]; readonly names: ReadonlySet<string>} {
  const errors: FieldError[] = []
  const names = new Set<string>()
  objectsAt(spec, 'volumes').forEach((volume, index) => {
    const at = `${path}[${index}]`
    errors.push(...validateSource(volume, at))
    const name = stringAt(volume, 'name')
    if (name === '') errors.push(required(`${at}.name`))
    else {
      for (const detail of dnsLabel(name)) errors.push(invalidValue(`${at}.name`, name, detail))
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
      names.add(name)
    }
  })
  return {errors, names}
}

/** The field that a source cannot do without. */
const REQUIRED: Readonly<Record<string, string>> = {
  secret: 'secretName',
  configMap: 'name',
  hostPath: 'path',
  persistentVolumeClaim: 'claimName',
}

function validateSource(volume: JsonObject, path: string): FieldError[] {
  const sources = Object.keys(volume).filter((name) => name !== 'name')
  const [first, ...others] = sources
  if (first === undefined) return [required(path, 'must specify a volume type')]
  const errors = others.map((name) =>
    forbidden(`${path}.${name}`, 'may not specify more than 1 volume type'),
  )
  const needed = REQUIRED[first]
  const source = objectAt(volume, first)
  if (needed !== undefined && stringAt(source, needed) === '') {
    errors.push(required(`${path}.${first}.${needed}`))
  }
  errors.push(...validateMode(source['defaultMode'], `${path}.${first}.defaultMode`))
  errors.push(...validatePaths(source, `${path}.${first}`, first))
  return errors
}

function validatePaths(source: JsonObject, path: string, kind: string): FieldError[] {
  switch (kind) {
    case 'secret':
    case 'configMap':
      return validateKeys(source, path)
    case 'downwardAPI':
      return validateFields(source, path)
    case 'projected':
      return validateProjection(source, path)
    case 'hostPath':
      return validateNoBacksteps(stringAt(source, 'path'), `${path}.path`)
    default:
      return []
  }
}
