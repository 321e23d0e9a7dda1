import {
  isJsonObject,
  numberAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {
  forbidden,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from '../../../apiserver/validation/field-error.ts'
import {validateTargetPort} from '../service/validation.ts'

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep']
const SCHEMES = ['HTTP', 'HTTPS']
const COUNTS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
]

/** What is wrong with a probe; `kind` is the field it stands in. */
export function validateProbe(probe: JsonObject, path: string, kind: string): FieldError[] {
  const errors = validateHandler(probe, path)
  for (const field of COUNTS) {
    const value = numberAt(probe, field)
    if (value !== undefined && value < 0) {
      errors.push(invalidValue(`${path}.${field}`, value, 'must be greater than or equal to 0'))
    }
  }
  const successes = numberAt(probe, 'successThreshold')
  if (kind !== 'readinessProbe' && successes !== undefined && successes !== 1) {
    errors.push(invalidValue(`${path}.successThreshold`, successes, 'must be 1'))
  }
  const grace = numberAt(probe, 'terminationGracePeriodSeconds')
  if (grace !== undefined && grace <= 0) {
    const detail = 'must be greater than 0'
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, detail))
  }
  return errors
}

/** What is wrong with the action of a probe or a hook: there must be exactly one. */
export function validateHandler(handler: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  let count = 0
  for (const kind of HANDLERS) {
    const action = handler[kind]
    if (!isJsonObject(action)) continue
    if (count > 0) {
      errors.push(forbidden(`${path}.${kind}`, 'may not specify more than 1 handler type'))
    } else errors.push(...validateAction(kind, action, `${path}.${kind}`))
    count++
  }
  if (count === 0) errors.push(required(path, 'must specify a handler type'))
  return errors
}

function validateAction(kind: string, action: JsonObject, path: string): FieldError[] {
  switch (kind) {
    case 'exec':
      return stringsAt(action, 'command').length === 0 ? [required(`${path}.command`)] : []
    case 'httpGet': {
      const errors = stringAt(action, 'path') === '' ? [required(`${path}.path`)] : []
      errors.push(...validateTargetPort(action['port'], `${path}.port`))
      const scheme = stringAt(action, 'scheme')
      if (!SCHEMES.includes(scheme)) {
        errors.push(notSupported(`${path}.scheme`, scheme, SCHEMES))
      }
      objectsAt(action, 'httpHeaders').forEach((header, index) => {
        const name = stringAt(header, 'name')
        if (/^[-A-Za-z0-9]+$/.test(name)) return
        const detail =
          "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"
        errors.push(invalidValue(`${path}.httpHeaders[${index}]`, name, detail))
      })
      return errors
    }
    case 'tcpSocket':
    case 'grpc':
      return validateTargetPort(action['port'], `${path}.port`)
    default:
      return []
  }
}
