import {
  jsonEqual,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {isExternallyAccessible} from './defaults.ts'
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from '../../../apiserver/validation/field-error.ts'
import {dnsLabel, dnsSubdomain, portName, portNumber} from '../../../apiserver/validation/names.ts'
import {validateLabels} from '../../../apiserver/validation/object-meta.ts'
import {
  onlyBalanced,
  validateAddresses,
  validateNoAddresses,
  validateSourceRanges,
} from './address-families.ts'

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
const AFFINITIES = ['ClientIP', 'None']
const TRAFFIC_POLICIES = ['Cluster', 'Local']

/** What is wrong with a Service. Counterpart of upstream's ValidateService. */
export function validateService(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const type = stringAt(spec, 'type')
  const errors: FieldError[] = []
  errors.push(...validateByType(spec, type), ...validatePorts(spec, type))
  errors.push(...validateLabels(spec['selector'], 'spec.selector'))
  const affinity = stringAt(spec, 'sessionAffinity')
  if (affinity === '') errors.push(required('spec.sessionAffinity'))
  else if (!AFFINITIES.includes(affinity)) {
    errors.push(notSupported('spec.sessionAffinity', affinity, AFFINITIES))
  }
  errors.push(...validateAddresses(spec, type), ...validateTraffic(object, type))
  return errors
}

function validateByType(spec: JsonObject, type: string): FieldError[] {
  const isHeadless = isNone(spec)
  switch (type) {
    case 'LoadBalancer':
      return isHeadless
        ? [
            invalidValue(
              'spec.clusterIPs[0]',
              'None',
              "may not be set to 'None' for LoadBalancer services",
            ),
          ]
        : []
    case 'NodePort':
      return isHeadless
        ? [
            invalidValue(
              'spec.clusterIPs[0]',
              'None',
              "may not be set to 'None' for NodePort services",
            ),
          ]
        : []
    case 'ExternalName':
      return validateExternalName(spec)
    case 'ClusterIP':
      return []
    case '':
      return [required('spec.type')]
    default:
      return [notSupported('spec.type', type, TYPES)]
  }
}

function validateExternalName(spec: JsonObject): FieldError[] {
  const errors = validateNoAddresses(spec)
  const name = stringAt(spec, 'externalName')
  if (name === '') return [...errors, required('spec.externalName')]
  const details = dnsSubdomain(name.replace(/\.$/, ''))
  return [...errors, ...details.map((detail) => invalidValue('spec.externalName', name, detail))]
}

function isNone(spec: JsonObject): boolean {
  return (stringsAt(spec, 'clusterIPs')[0] ?? stringAt(spec, 'clusterIP')) === 'None'
}

function validatePorts(spec: JsonObject, type: string): FieldError[] {
  const ports = objectsAt(spec, 'ports')
  const isHeadless = isNone(spec)
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') return [required('spec.ports')]
  const errors: FieldError[] = []
  const names = new Set<string>()
  ports.forEach((port, index) => {
    const path = `spec.ports[${index}]`
    errors.push(...validatePort(port, path, {needsName: ports.length > 1, names}))
    if (port['nodePort'] !== undefined && (type === 'ClusterIP' || type === 'ExternalName')) {
      const detail = "may not be used when `type` is 'ClusterIP'"
      if (type === 'ClusterIP') errors.push(forbidden(`${path}.nodePort`, detail))
    }
  })
  errors.push(...duplicatePorts(ports))
  return errors
}

function validatePort(
  port: JsonObject,
  path: string,
  {needsName, names}: {needsName: boolean; names: Set<string>},
): FieldError[] {
  const errors: FieldError[] = []
  const name = stringAt(port, 'name')
  if (name === '') {
    if (needsName) errors.push(required(`${path}.name`))
  } else {
    for (const detail of dnsLabel(name)) errors.push(invalidValue(`${path}.name`, name, detail))
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name))
    names.add(name)
  }
  const number = numberAt(port, 'port') ?? 0
  for (const detail of portNumber(number)) {
    errors.push(invalidValue(`${path}.port`, number, detail))
  }
  const protocol = stringAt(port, 'protocol')
  if (protocol === '') errors.push(required(`${path}.protocol`))
  else if (!PROTOCOLS.includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS))
  }
  errors.push(...validateTargetPort(port['targetPort'], `${path}.targetPort`))
  const appProtocol = port['appProtocol']
  if (appProtocol === '') {
    errors.push(invalidValue(`${path}.appProtocol`, '', 'name part must be non-empty'))
  }
  return errors
}

/** What is wrong with the name or number of a port of a pod. */
export function validateTargetPort(target: unknown, path: string): FieldError[] {
  if (typeof target === 'number') {
    return portNumber(target).map((detail) => invalidValue(path, target, detail))
  }
  if (typeof target === 'string') {
    return portName(target).map((detail) => invalidValue(path, target, detail))
  }
  return []
}

/** Two ports of one number and protocol; the error shows the port as Go sees it. */
function duplicatePorts(ports: readonly JsonObject[]): FieldError[] {
  const seen = new Set<string>()
  const errors: FieldError[] = []
  ports.forEach((port, index) => {
    const protocol = stringAt(port, 'protocol')
    const number = numberAt(port, 'port') ?? 0
    const key = `${protocol}/${number}`
    if (seen.has(key)) {
      const shown = {
        Name: '',
        Protocol: protocol,
        AppProtocol: null,
        Port: number,
        TargetPort: 0,
        NodePort: 0,
      }
      errors.push(duplicate(`spec.ports[${index}]`, shown))
    }
    seen.add(key)
  })
  return errors
}

function validateTraffic(object: JsonObject, type: string): FieldError[] {
  const spec = objectAt(object, 'spec')
  const errors = validateSourceRanges(object)
  for (const field of ['allocateLoadBalancerNodePorts', 'loadBalancerClass']) {
    if (spec[field] !== undefined) errors.push(...onlyBalanced(spec, `spec.${field}`))
  }
  const external = stringAt(spec, 'externalTrafficPolicy')
  if (external !== '') {
    if (!isExternallyAccessible(spec)) {
      const detail = 'may only be set for externally-accessible services'
      errors.push(invalidValue('spec.externalTrafficPolicy', external, detail))
    } else if (!TRAFFIC_POLICIES.includes(external)) {
      errors.push(notSupported('spec.externalTrafficPolicy', external, TRAFFIC_POLICIES))
    }
  }
  const health = spec['healthCheckNodePort']
  if (health !== undefined && health !== 0 && !(type === 'LoadBalancer' && external === 'Local')) {
    const detail =
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
    errors.push(invalidValue('spec.healthCheckNodePort', health, detail))
  }
  const internal = stringAt(spec, 'internalTrafficPolicy')
  if (internal !== '' && !TRAFFIC_POLICIES.includes(internal)) {
    errors.push(notSupported('spec.internalTrafficPolicy', internal, TRAFFIC_POLICIES))
  }
  return errors
}

/** What is wrong with a changed Service. */
export function validateServiceUpdate(object: JsonObject, old: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const before = objectAt(old, 'spec')
  const errors: FieldError[] = []
  const isStable = spec['type'] !== 'ExternalName' && before['type'] !== 'ExternalName'
  const had = stringsAt(before, 'clusterIPs')
  const has = stringsAt(spec, 'clusterIPs')
  if (isStable && had.length > 0 && has[0] !== had[0]) {
    errors.push(invalidValue('spec.clusterIPs[0]', has, 'may not change once set'))
  }
  const families = stringsAt(spec, 'ipFamilies')
  const hadFamilies = stringsAt(before, 'ipFamilies')
  if (isStable && !isNone(spec) && !isNone(before) && families.length === hadFamilies.length) {
    const isChanged = hadFamilies.some((family, index) => family !== families[index])
    const detail = 'may not change once set'
    if (isChanged) errors.push(invalidValue('spec.ipFamilies[0]', families, detail))
  }
  const hadClass = before['loadBalancerClass']
  const isBalanced = spec['type'] === 'LoadBalancer' && before['type'] === 'LoadBalancer'
  if (isBalanced && !jsonEqual(spec['loadBalancerClass'], hadClass)) {
    errors.push(
      invalidValue('spec.loadBalancerClass', spec['loadBalancerClass'], 'may not change once set'),
    )
  }
  return errors
}
