import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {
  forbidden,
  invalidValue,
  required,
  type FieldError,
} from '../../../apiserver/validation/field-error.ts'
import {validateFilePath} from './local-path.ts'

/** What is wrong with a mode of files. */
export function validateMode(mode: unknown, field: string): FieldError[] {
  if (typeof mode !== 'number' || (mode >= 0 && mode <= 0o777)) return []
  const detail = 'must be a number between 0 and 0777 (octal), both inclusive'
  return [invalidValue(field, mode, detail)]
}

/** What is wrong with the keys of a Secret or ConfigMap that become files. */
export function validateKeys(source: JsonObject, path: string): FieldError[] {
  return objectsAt(source, 'items').flatMap((item, index) => {
    const at = `${path}.items[${index}]`
    return [
      ...(stringAt(item, 'key') === '' ? [required(`${at}.key`)] : []),
      ...validateFile(stringAt(item, 'path'), `${at}.path`),
      ...validateMode(item['mode'], `${at}.mode`),
    ]
  })
}

/** What is wrong with the fields of a pod that become files. Upstream names no index of them. */
export function validateFields(source: JsonObject, path: string): FieldError[] {
  return objectsAt(source, 'items').flatMap((item) => {
    const hasField = item['fieldRef'] !== undefined
    const hasResource = item['resourceFieldRef'] !== undefined
    const both = 'fieldRef and resourceFieldRef can not be specified simultaneously'
    return [
      ...validateFile(stringAt(item, 'path'), `${path}.path`),
      ...(hasField && hasResource ? [invalidValue(path, 'resource', both)] : []),
      ...(hasField || hasResource
        ? []
        : [required(path, 'one of fieldRef and resourceFieldRef is required')]),
      ...validateMode(item['mode'], `${path}.mode`),
    ]
  })
}

function validateFile(path: string, field: string): FieldError[] {
  return [...(path === '' ? [required(field)] : []), ...validateFilePath(path, field)]
}

/** What is wrong with the sources of a projected volume. Counterpart of validateProjectionSources. */
export function validateProjection(projected: JsonObject, path: string): FieldError[] {
  const seen = new Set<string>()
  return objectsAt(projected, 'sources').flatMap((source, index) => {
    const at = `${path}.sources[${index}]`
    const kinds = Object.keys(source)
    return [
      ...kinds.flatMap((kind) => validateProjected(objectAt(source, kind), `${at}.${kind}`, kind)),
      ...kinds.flatMap((kind) => {
        const inner = objectAt(source, kind)
        return objectsAt(inner, 'items')
          .map((item) => stringAt(item, 'path'))
          .filter((file) => file !== '' && seen.size === seen.add(file).size)
          .map((file) => {
            const value = kind === 'downwardAPI' ? file : stringAt(inner, 'name')
            return invalidValue(path, value, 'conflicting duplicate paths')
          })
      }),
      ...(kinds.length > 1 ? [forbidden(at, 'may not specify more than 1 volume type')] : []),
    ]
  })
}

function validateProjected(source: JsonObject, path: string, kind: string): FieldError[] {
  switch (kind) {
    case 'secret':
    case 'configMap':
      return [
        ...(stringAt(source, 'name') === '' ? [required(`${path}.name`)] : []),
        ...validateKeys(source, path),
      ]
    case 'downwardAPI':
      return validateFields(source, path)
    case 'serviceAccountToken':
      return [
        ...validateExpiration(numberAt(source, 'expirationSeconds'), `${path}.expirationSeconds`),
        ...validateFile(stringAt(source, 'path'), `${path}.path`),
      ]
    default:
      return []
  }
}

/** What is wrong with how long a token is to last. */
export function validateExpiration(seconds: number | undefined, field: string): FieldError[] {
  if (seconds === undefined) return []
  if (seconds < 600) {
    return [invalidValue(field, seconds, 'may not specify a duration less than 10 minutes')]
  }
  return seconds > 2 ** 32
    ? [invalidValue(field, seconds, 'may not specify a duration larger than 2^32 seconds')]
    : []
}
