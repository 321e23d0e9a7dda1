import type {KubeObject} from '../../../api/meta/object.ts'
import {
  asJson,
  numberAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import {validateEndpointIp, validateIp} from '../../apiserver/validation/addresses.ts'
import {
  duplicate,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from '../../apiserver/validation/field-error.ts'
import {dnsLabel, dnsSubdomain, portNumber} from '../../apiserver/validation/names.ts'

const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

/** What is wrong with Endpoints. */
export function validateEndpoints(object: JsonObject): FieldError[] {
  const errors: FieldError[] = []
  objectsAt(object, 'subsets').forEach((subset, index) => {
    const path = `subsets[${index}]`
    const addresses = objectsAt(subset, 'addresses')
    const notReady = objectsAt(subset, 'notReadyAddresses')
    if (addresses.length === 0 && notReady.length === 0) {
      errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'))
    }
    addresses.forEach((address, at) => {
      errors.push(...validateAddress(address, `${path}.addresses[${at}]`))
    })
    notReady.forEach((address, at) => {
      errors.push(...validateAddress(address, `${path}.notReadyAddresses[${at}]`))
    })
    const ports = objectsAt(subset, 'ports')
    ports.forEach((port, at) => {
      errors.push(...validatePort(port, `${path}.ports[${at}]`, ports.length > 1))
    })
  })
  return errors
}

function validateAddress(address: JsonObject, path: string): FieldError[] {
  const ip = stringAt(address, 'ip')
  const hostname = stringAt(address, 'hostname')
  const nodeName = address['nodeName']
  return [
    ...validateIp(ip, `${path}.ip`),
    ...(hostname === ''
      ? []
      : dnsLabel(hostname).map((detail) => invalidValue(`${path}.hostname`, hostname, detail))),
    ...(typeof nodeName === 'string'
      ? dnsSubdomain(nodeName).map((detail) => invalidValue(`${path}.nodeName`, nodeName, detail))
      : []),
    ...validateEndpointIp(ip, `${path}.ip`),
  ]
}

function validatePort(port: JsonObject, path: string, needsName: boolean): FieldError[] {
  const errors: FieldError[] = []
  const name = stringAt(port, 'name')
  if (name === '') {
    if (needsName) errors.push(required(`${path}.name`))
  } else {
    for (const detail of dnsLabel(name)) errors.push(invalidValue(`${path}.name`, name, detail))
  }
  const number = numberAt(port, 'port') ?? 0
  for (const detail of portNumber(number)) {
    errors.push(invalidValue(`${path}.port`, number, detail))
  }
  const protocol = stringAt(port, 'protocol')
  if (!PROTOCOLS.includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS))
  }
  return errors
}

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6']

/** What is wrong with an EndpointSlice. */
export function validateEndpointSlice(object: JsonObject): FieldError[] {
  const type = stringAt(object, 'addressType')
  if (type === '') return [required('addressType')]
  if (!ADDRESS_TYPES.includes(type)) return [notSupported('addressType', type, ADDRESS_TYPES)]
  const errors: FieldError[] = []
  objectsAt(object, 'endpoints').forEach((endpoint, index) => {
    const path = `endpoints[${index}]`
    const addresses = stringsAt(endpoint, 'addresses')
    if (addresses.length === 0) {
      errors.push(required(`${path}.addresses`, 'must contain at least 1 address'))
    }
    addresses.forEach((address, at) => {
      const where = `${path}.addresses[${at}]`
      if (type === 'FQDN') {
        for (const detail of dnsSubdomain(address))
          errors.push(invalidValue(where, address, detail))
      } else {
        errors.push(...validateIp(address, where), ...validateEndpointIp(address, where))
      }
    })
  })
  const names = new Set<string>()
  objectsAt(object, 'ports').forEach((port, index) => {
    const name = stringAt(port, 'name')
    const path = `ports[${index}]`
    if (name !== '') {
      for (const detail of dnsLabel(name)) errors.push(invalidValue(`${path}.name`, name, detail))
    }
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name))
    names.add(name)
    const protocol = stringAt(port, 'protocol')
    if (!PROTOCOLS.includes(protocol)) {
      errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS))
    }
  })
  return errors
}

/** What is wrong with a changed EndpointSlice. */
export function validateEndpointSliceUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const before = stringAt(asJson(old), 'addressType')
  const type = object['addressType']
  return type === before ? [] : [invalidValue('addressType', type, 'field is immutable')]
}
