import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {formatLabels, NONE, orNone} from '../../../apiserver/table/cells.ts'
import {ageColumn, column, nameColumn, type TableColumn} from '../../../apiserver/table/columns.ts'

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
