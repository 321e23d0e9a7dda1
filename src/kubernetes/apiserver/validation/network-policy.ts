import {BlockList} from 'node:net'
import {
  isJsonObject,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json-value.ts'
import {forbidden, invalidValue, notSupported, required, type FieldError} from './field-error.ts'
import {NOT_A_RANGE, parseIpRange} from './ip-range.ts'
import {validateLabelSelector} from './label-selector.ts'
import {portName, portNumber} from './names.ts'

const PROTOCOLS = ['TCP', 'UDP', 'SCTP']
const TYPES = ['Ingress', 'Egress']

/** What is wrong with a NetworkPolicy. Counterpart of `pkg/apis/networking/validation`. */
export function validateNetworkPolicy(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const errors = validateLabelSelector(spec['podSelector'], 'spec.podSelector')
  for (const [direction, side] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    objectsAt(spec, direction).forEach((rule, index) => {
      const path = `spec.${direction}[${index}]`
      objectsAt(rule, 'ports').forEach((port, at) => {
        errors.push(...validatePort(port, `${path}.ports[${at}]`))
      })
      objectsAt(rule, side).forEach((peer, at) => {
        errors.push(...validatePeer(peer, `${path}.${side}[${at}]`))
      })
    })
  }
  const types = stringsAt(spec, 'policyTypes')
  if (types.length > TYPES.length) {
    const detail = 'may not specify more than two policyTypes'
    return [...errors, invalidValue('spec.policyTypes', types, detail)]
  }
  types.forEach((type, index) => {
    if (!TYPES.includes(type)) {
      errors.push(notSupported(`spec.policyTypes[${index}]`, type, TYPES))
    }
  })
  return errors
}

function validatePort(rule: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const protocol = stringAt(rule, 'protocol')
  if (protocol !== '' && !PROTOCOLS.includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS))
  }
  const {port} = rule
  const end = numberAt(rule, 'endPort')
  const refuseEnd = (detail: string): void => {
    errors.push(invalidValue(`${path}.endPort`, end, detail))
  }
  if (typeof port === 'number') {
    for (const detail of portNumber(port)) errors.push(invalidValue(`${path}.port`, port, detail))
    if (end === undefined) return errors
    if (end < port) refuseEnd('must be greater than or equal to `port`')
    for (const detail of portNumber(end)) refuseEnd(detail)
  } else if (typeof port === 'string') {
    if (end !== undefined) refuseEnd('may not be specified when `port` is non-numeric')
    for (const detail of portName(port)) errors.push(invalidValue(`${path}.port`, port, detail))
  } else if (end !== undefined) refuseEnd('may not be specified when `port` is not specified')
  return errors
}

function validatePeer(peer: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const selectors = ['podSelector', 'namespaceSelector'].filter((name) => isJsonObject(peer[name]))
  for (const name of selectors) {
    errors.push(...validateLabelSelector(peer[name], `${path}.${name}`))
  }
  const block = peer['ipBlock']
  if (isJsonObject(block)) {
    errors.push(...validateBlock(block, `${path}.ipBlock`))
    if (selectors.length > 0) {
      errors.push(forbidden(path, 'may not specify both ipBlock and another peer'))
    }
  } else if (selectors.length === 0) errors.push(required(path, 'must specify a peer'))
  return errors
}

function validateBlock(block: JsonObject, path: string): FieldError[] {
  const text = stringAt(block, 'cidr')
  if (text === '') return [required(`${path}.cidr`)]
  const whole = parseIpRange(text)
  if (whole === undefined) return [invalidValue(`${path}.cidr`, text, NOT_A_RANGE)]
  const inside = new BlockList()
  inside.addSubnet(whole.address, whole.bits, whole.family)
  return stringsAt(block, 'except').flatMap((exception, index) => {
    const at = `${path}.except[${index}]`
    const range = parseIpRange(exception)
    if (range === undefined) return [invalidValue(at, exception, NOT_A_RANGE)]
    const isStrictPart =
      range.family === whole.family &&
      range.bits > whole.bits &&
      inside.check(range.address, range.family)
    return isStrictPart ? [] : [invalidValue(at, exception, 'must be a strict subset of `cidr`')]
  })
}
