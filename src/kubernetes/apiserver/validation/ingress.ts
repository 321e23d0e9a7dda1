import {isIP} from 'node:net'
import type {KubeObject} from '../../../api/meta/object.ts'
import {
  asJson,
  isJsonObject,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json-value.ts'
import {
  forbidden,
  invalidValue,
  notSupported,
  required,
  tooLong,
  type FieldError,
} from './field-error.ts'
import {
  dnsLabel,
  dnsSubdomain,
  domainPrefixedPath,
  pathSegment,
  portName,
  portNumber,
  wildcardSubdomain,
} from './names.ts'

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class'
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix']
const FORBIDDEN_IN_PATHS = ['//', '/./', '/../', '%2f', '%2F']
const FORBIDDEN_ENDS = ['/..', '/.']
const NOT_AN_ADDRESS = 'must be a DNS name, not an IP address'

/** Each problem with a value at a path. */
function each(path: string, value: unknown, details: readonly string[]): FieldError[] {
  return details.map((detail) => invalidValue(path, value, detail))
}

/** What is wrong with an Ingress. Counterpart of `pkg/apis/networking/validation`. */
export function validateIngress(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const errors: FieldError[] = []
  const rules = objectsAt(spec, 'rules')
  const backend = spec['defaultBackend']
  if (rules.length === 0 && !isJsonObject(backend)) {
    const detail = 'either `defaultBackend` or `rules` must be specified'
    errors.push(invalidValue('spec', spec['rules'], detail))
  }
  if (isJsonObject(backend)) errors.push(...validateBackend(backend, 'spec.defaultBackend'))
  rules.forEach((rule, index) => {
    errors.push(...validateRule(rule, `spec.rules[${index}]`))
  })
  objectsAt(spec, 'tls').forEach((tls, index) => {
    errors.push(...validateTls(tls, `spec.tls[${index}]`))
  })
  const className = spec['ingressClassName']
  if (typeof className === 'string') {
    errors.push(...each('spec.ingressClassName', className, dnsSubdomain(className)))
  }
  return errors
}

/** A class named in both ways must be the same, where an Ingress is new. */
export function validateNewIngress(object: JsonObject): FieldError[] {
  const annotation = objectAt(objectAt(object, 'metadata'), 'annotations')[CLASS_ANNOTATION]
  const className = objectAt(object, 'spec')['ingressClassName']
  if (annotation === undefined || className === undefined || annotation === className) return []
  const detail = 'must match `ingressClassName` when both are specified'
  return [invalidValue(`annotations.${CLASS_ANNOTATION}`, annotation, detail)]
}

function validateRule(rule: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const host = stringAt(rule, 'host')
  if (host !== '') {
    if (isIP(host) !== 0) errors.push(invalidValue(`${path}.host`, host, NOT_AN_ADDRESS))
    errors.push(...validateHost(host, `${path}.host`))
  }
  const http = rule['http']
  if (!isJsonObject(http)) return errors
  const paths = objectsAt(http, 'paths')
  if (paths.length === 0) errors.push(required(`${path}.http.paths`))
  paths.forEach((item, index) => {
    errors.push(...validatePath(item, `${path}.http.paths[${index}]`))
  })
  return errors
}

function validateHost(host: string, path: string): FieldError[] {
  return each(path, host, host.includes('*') ? wildcardSubdomain(host) : dnsSubdomain(host))
}

function validatePath(item: JsonObject, path: string): FieldError[] {
  const type = item['pathType']
  if (typeof type !== 'string') return [required(`${path}.pathType`, 'pathType must be specified')]
  const text = stringAt(item, 'path')
  const errors: FieldError[] = []
  const refuse = (detail: string): void => {
    errors.push(invalidValue(`${path}.path`, text, detail))
  }
  if (!PATH_TYPES.includes(type)) errors.push(notSupported(`${path}.pathType`, type, PATH_TYPES))
  else if (type !== 'ImplementationSpecific' || text !== '') {
    if (!text.startsWith('/')) refuse('must be an absolute path')
    if (type !== 'ImplementationSpecific') {
      for (const part of FORBIDDEN_IN_PATHS) {
        if (text.includes(part)) refuse(`must not contain '${part}'`)
      }
      for (const end of FORBIDDEN_ENDS) if (text.endsWith(end)) refuse(`cannot end with '${end}'`)
    }
  }
  return [...errors, ...validateBackend(objectAt(item, 'backend'), `${path}.backend`)]
}

function validateBackend(backend: JsonObject, path: string): FieldError[] {
  const {resource, service} = backend
  if (isJsonObject(resource) && isJsonObject(service)) {
    return [invalidValue(path, '', 'cannot set both resource and service backends')]
  }
  if (isJsonObject(resource)) return validateReference(resource, `${path}.resource`)
  if (!isJsonObject(service)) {
    return [invalidValue(path, '', 'resource or service backend is required')]
  }
  const name = stringAt(service, 'name')
  const errors =
    name === ''
      ? [required(`${path}.service.name`)]
      : each(`${path}.service.name`, name, dnsLabel(name))
  const port = objectAt(service, 'port')
  return [...errors, ...validateBackendPort(port, path)]
}

function validateBackendPort(port: JsonObject, path: string): FieldError[] {
  const name = stringAt(port, 'name')
  const number = numberAt(port, 'number') ?? 0
  if (name !== '' && number !== 0) {
    return [invalidValue(path, '', 'cannot set both port name & port number')]
  }
  if (name !== '') return each(`${path}.service.port.name`, name, portName(name))
  if (number !== 0) return each(`${path}.service.port.number`, number, portNumber(number))
  return [required(path, 'port name or number is required')]
}

function validateTls(tls: JsonObject, path: string): FieldError[] {
  const errors = stringsAt(tls, 'hosts').flatMap((host, index) =>
    validateHost(host, `${path}.hosts[${index}]`),
  )
  const secret = stringAt(tls, 'secretName')
  return secret === ''
    ? errors
    : [...errors, ...each(`${path}.secretName`, secret, dnsSubdomain(secret))]
}

/** What is wrong with the status of an Ingress. */
export function validateIngressStatus(object: JsonObject): FieldError[] {
  const balancer = objectAt(objectAt(object, 'status'), 'loadBalancer')
  return objectsAt(balancer, 'ingress').flatMap((ingress, index) => {
    const path = `status.loadBalancer.ingress[${index}]`
    const [ip, hostname] = [stringAt(ingress, 'ip'), stringAt(ingress, 'hostname')]
    const errors: FieldError[] = []
    if (ip !== '' && isIP(ip) === 0) {
      const detail = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
      errors.push(invalidValue(`${path}.ip`, ip, detail))
    }
    if (hostname === '') return errors
    errors.push(...each(`${path}.hostname`, hostname, dnsSubdomain(hostname)))
    if (isIP(hostname) !== 0) {
      errors.push(invalidValue(`${path}.hostname`, hostname, NOT_AN_ADDRESS))
    }
    return errors
  })
}

const MAX_CONTROLLER_BYTES = 250
const SCOPES = ['Cluster', 'Namespace']

/** What is wrong with an IngressClass. */
export function validateIngressClass(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const controller = stringAt(spec, 'controller')
  const errors: FieldError[] = []
  if (controller === '') errors.push(required('spec.controller'))
  else {
    if (Buffer.byteLength(controller) > MAX_CONTROLLER_BYTES) {
      errors.push(tooLong('spec.controller', MAX_CONTROLLER_BYTES))
    }
    for (const {value, detail} of domainPrefixedPath(controller)) {
      errors.push(invalidValue('spec.controller', value, detail))
    }
  }
  const parameters = spec['parameters']
  if (!isJsonObject(parameters)) return errors
  return [...errors, ...validateParameters(parameters, 'spec.parameters')]
}

function validateParameters(parameters: JsonObject, path: string): FieldError[] {
  const errors = validateReference(parameters, path)
  const scope = parameters['scope']
  const namespace = parameters['namespace']
  if (typeof scope !== 'string') return [...errors, required(`${path}.scope`)]
  if (!SCOPES.includes(scope)) return [...errors, notSupported(`${path}.scope`, scope, SCOPES)]
  if (scope === 'Cluster') {
    const detail = "`parameters.scope` is set to 'Cluster'"
    return namespace === undefined ? errors : [...errors, forbidden(`${path}.namespace`, detail)]
  }
  if (typeof namespace !== 'string') {
    return [...errors, required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'")]
  }
  return [...errors, ...each(`${path}.namespace`, namespace, dnsLabel(namespace))]
}

function validateReference(reference: JsonObject, path: string): FieldError[] {
  const group = reference['apiGroup']
  const errors =
    typeof group === 'string' ? each(`${path}.apiGroup`, group, dnsSubdomain(group)) : []
  for (const field of ['kind', 'name']) {
    const value = stringAt(reference, field)
    if (value === '') errors.push(required(`${path}.${field}`))
    else errors.push(...each(`${path}.${field}`, value, pathSegment(value)))
  }
  return errors
}

/** The controller of an IngressClass stays. */
export function validateIngressClassUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const controller = objectAt(object, 'spec')['controller']
  return controller === objectAt(asJson(old), 'spec')['controller']
    ? []
    : [invalidValue('spec.controller', controller, 'field is immutable')]
}
