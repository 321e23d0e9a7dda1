import {isJsonObject, numberAt, stringAt, type JsonObject} from '../../apiserver/json-value.ts'
import {invalidValue, required, type FieldError} from '../../apiserver/validation/field-error.ts'
import {dnsSubdomain, portNumber} from '../../apiserver/validation/names.ts'

const LOOPBACK = /^(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?$/
const FORM = '; desired format: https://host[/path]'

/**
 * What is wrong with where a webhook is: a URL or a Service, never both.
 *
 * Differs from upstream: a webhook on this machine may do without TLS, so that one can be tried
 * without certificates.
 *
 * Counterpart of k8s.io/apiserver `pkg/util/webhook` validation.
 */
export function validateWebhookClient(client: JsonObject, path: string): FieldError[] {
  const {url, service} = client
  const hasUrl = typeof url === 'string'
  if (hasUrl === isJsonObject(service)) {
    return [required(path, 'exactly one of url or service is required')]
  }
  if (hasUrl) return validateUrl(url, `${path}.url`)
  return isJsonObject(service) ? validateService(service, `${path}.service`) : []
}

function validateUrl(text: string, path: string): FieldError[] {
  // Not the URL class: it completes what is missing, and the error must name it.
  const [, scheme = '', authority = '', query = '', fragment = ''] =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/.exec(
      text,
    ) ?? []
  const at = authority.lastIndexOf('@')
  const [user, host] = [authority.slice(0, Math.max(at, 0)), authority.slice(at + 1)]
  const errors: FieldError[] = []
  const refuse = (value: string, detail: string): void => {
    errors.push(invalidValue(path, value, detail))
  }
  const isLoopback = LOOPBACK.test(host) && scheme.toLowerCase() === 'http'
  if (scheme.toLowerCase() !== 'https' && !isLoopback) {
    refuse(scheme.toLowerCase(), `'https' is the only allowed URL scheme${FORM}`)
  }
  if (host === '') refuse('', `host must be specified${FORM}`)
  if (at >= 0) refuse(user, 'user information is not permitted in the URL')
  if (fragment !== '') refuse(fragment, 'fragments are not permitted in the URL')
  if (query !== '') refuse(query, 'query parameters are not permitted in the URL')
  return errors
}

function validateService(service: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const field of ['name', 'namespace']) {
    // Upstream confuses the two where only one of them is missing.
    const other = field === 'name' ? 'namespace' : 'name'
    if (stringAt(service, other) === '') errors.push(required(`${path}.${field}`))
  }
  const port = numberAt(service, 'port') ?? 0
  const details = portNumber(port)
  if (details.length > 0) {
    errors.push(invalidValue(`${path}.port`, port, `port is not valid: ${details.join(', ')}`))
  }
  return [...errors, ...validatePath(service['path'], `${path}.path`)]
}

function validatePath(text: unknown, path: string): FieldError[] {
  if (typeof text !== 'string' || text === '' || text === '/') return []
  if (text === '//') return [invalidValue(path, text, 'segment[0] may not be empty')]
  const errors: FieldError[] = []
  if (!text.startsWith('/')) errors.push(invalidValue(path, text, "must start with a '/'"))
  const steps = text.slice(1).replace(/\/$/, '').split('/')
  steps.forEach((step, index) => {
    if (step === '') {
      errors.push(invalidValue(path, text, `segment[${index}] may not be empty`))
      return
    }
    for (const detail of dnsSubdomain(step)) {
      errors.push(invalidValue(path, text, `segment[${index}]: ${detail}`))
    }
  })
  return errors
}
