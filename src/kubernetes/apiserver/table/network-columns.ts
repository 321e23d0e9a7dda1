import {numberAt, objectAt, objectsAt, stringAt, stringsAt, type JsonObject} from '../json-value.ts'
import {formatLabels, NONE, orNone} from './cells.ts'
import {ageColumn, column, nameColumn, type TableColumn} from './columns.ts'

/** The table of core Services. */
export const serviceColumns: readonly TableColumn[] = [
  nameColumn,
  column('Type', (object) => stringAt(specOf(object), 'type')),
  column('Cluster-IP', (object) =>
    orNone(stringsAt(specOf(object), 'clusterIPs')[0] ?? stringAt(specOf(object), 'clusterIP')),
  ),
  column('External-IP', externalIp),
  column('Port(s)', servicePorts),
  ageColumn,
  column('Selector', (object) => formatLabels(specOf(object)['selector']), {wide: true}),
]

function specOf(object: JsonObject): JsonObject {
  return objectAt(object, 'spec')
}

function externalIp(service: JsonObject): string {
  const spec = specOf(service)
  const external = stringsAt(spec, 'externalIPs')
  switch (spec['type']) {
    case 'ExternalName':
      return stringAt(spec, 'externalName')
    case 'LoadBalancer': {
      const balanced = objectsAt(objectAt(objectAt(service, 'status'), 'loadBalancer'), 'ingress')
        .map((ingress) => stringAt(ingress, 'ip') || stringAt(ingress, 'hostname'))
        .join(',')
      if (external.length > 0)
        return [...(balanced === '' ? [] : [balanced]), ...external].join(',')
      return balanced === '' ? '<pending>' : balanced
    }
    default:
      return external.length === 0 ? NONE : external.join(',')
  }
}

function servicePorts(service: JsonObject): string {
  const ports = objectsAt(specOf(service), 'ports').map((port) => {
    const nodePort = numberAt(port, 'nodePort')
    const own = `${numberAt(port, 'port') ?? 0}`
    const protocol = stringAt(port, 'protocol')
    return nodePort === undefined || nodePort === 0
      ? `${own}/${protocol}`
      : `${own}:${nodePort}/${protocol}`
  })
  return orNone(ports.join(','))
}

/** Tables name this many endpoints, and count the others. */
const MAX_ENDPOINTS = 3

/** The table of Endpoints. */
export const endpointsColumns: readonly TableColumn[] = [
  nameColumn,
  column('Endpoints', formatEndpoints),
  ageColumn,
]

function formatEndpoints(endpoints: JsonObject): string {
  const subsets = objectsAt(endpoints, 'subsets')
  if (subsets.length === 0) return NONE
  const all: string[] = []
  for (const subset of subsets) {
    const ports = objectsAt(subset, 'ports')
    const addresses = objectsAt(subset, 'addresses').map((address) => stringAt(address, 'ip'))
    if (ports.length === 0) all.push(...addresses)
    for (const port of ports) {
      all.push(...addresses.map((ip) => `${ip}:${numberAt(port, 'port') ?? 0}`))
    }
  }
  const shown = all.slice(0, MAX_ENDPOINTS).join(',')
  const hidden = all.length - MAX_ENDPOINTS
  return hidden > 0 ? `${shown} + ${hidden} more...` : shown
}

/** The table of EndpointSlices. */
export const endpointSliceColumns: readonly TableColumn[] = [
  nameColumn,
  column('AddressType', (object) => stringAt(object, 'addressType')),
  column('Ports', (object) => formatFew(objectsAt(object, 'ports').map(slicePort), '<unset>')),
  column('Endpoints', (object) =>
    formatFew(
      objectsAt(object, 'endpoints').flatMap((endpoint) => stringsAt(endpoint, 'addresses')),
      '<unset>',
    ),
  ),
  ageColumn,
]

function slicePort(port: JsonObject): string {
  const number = numberAt(port, 'port')
  return number === undefined ? '*' : String(number)
}

function formatFew(items: readonly string[], empty: string): string {
  if (items.length === 0) return empty
  const shown = items.slice(0, MAX_ENDPOINTS).join(',')
  const hidden = items.length - MAX_ENDPOINTS
  return hidden > 0 ? `${shown} + ${hidden} more...` : shown
}
