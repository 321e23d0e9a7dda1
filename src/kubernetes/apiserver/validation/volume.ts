import {isJsonObject, objectAt, objectsAt, stringAt, type JsonObject} from '../json-value.ts'
import {duplicate, forbidden, invalidValue, required, type FieldError} from './field-error.ts'
import {dnsLabel} from './names.ts'

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
  const mode = source['defaultMode']
  if (typeof mode === 'number' && (mode < 0 || mode > 0o777)) {
    const detail = 'must be a number between 0 and 0777 (octal), both inclusive'
    errors.push(invalidValue(`${path}.${first}.defaultMode`, mode, detail))
  }
  return isJsonObject(source) ? errors : []
}
