import {objectAt, objectsAt, stringAt, type JsonObject} from '../../apiserver/json-value.ts'
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'
import {selectable} from '../../apiserver/registry/selectable-fields.ts'
import {orNone} from '../../apiserver/table/cells.ts'
import {ageColumn, column, nameColumn, type TableColumn} from '../../apiserver/table/columns.ts'
import {nodeTarget, proxySubresource} from './proxy-targets.ts'

/** The table of Nodes. */
const nodeColumns: readonly TableColumn[] = [
  nameColumn,
  column('Status', nodeStatus),
  column('Roles', nodeRoles),
  ageColumn,
  column('Version', (object) => stringAt(nodeInfo(object), 'kubeletVersion')),
  ...(
    [
      ['Internal-IP', 'InternalIP'],
      ['External-IP', 'ExternalIP'],
    ] as const
  ).map(([name, type]) =>
    column(name, (object) => orNone(nodeAddress(object, type)), {
      wide: true,
    }),
  ),
  ...(
    [
      ['OS-Image', 'osImage'],
      ['Kernel-Version', 'kernelVersion'],
      ['Container-Runtime', 'containerRuntimeVersion'],
    ] as const
  ).map(([name, field]) =>
    column(name, (object) => stringAt(nodeInfo(object), field) || '<unknown>', {wide: true}),
  ),
]

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/node`. */
export const node: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'Node',
  plural: 'nodes',
  scope: 'Cluster',
  shortNames: ['no'],
  subresources: [proxySubresource('Node', nodeTarget), statusSubresource],
  columns: nodeColumns,
  selectableFields: [selectable('spec.unschedulable', 'false')],
  strategy: {hasStatus: true, createsWithStatus: true},
}

function nodeInfo(node: JsonObject): JsonObject {
  return objectAt(objectAt(node, 'status'), 'nodeInfo')
}

function nodeStatus(node: JsonObject): string {
  const ready = objectsAt(objectAt(node, 'status'), 'conditions').find(
    (condition) => condition['type'] === 'Ready',
  )
  const words = [
    ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady',
  ]
  if (objectAt(node, 'spec')['unschedulable'] === true) words.push('SchedulingDisabled')
  return words.join(',')
}

function nodeRoles(node: JsonObject): string {
  const prefix = 'node-role.kubernetes.io/'
  const labels = objectAt(objectAt(node, 'metadata'), 'labels')
  const roles = Object.keys(labels)
    .filter((name) => name.startsWith(prefix) && name.length > prefix.length)
    .map((name) => name.slice(prefix.length))
  return orNone(roles.toSorted().join(','))
}

function nodeAddress(node: JsonObject, type: string): string {
  const found = objectsAt(objectAt(node, 'status'), 'addresses').find(
    (address) => address['type'] === type,
  )
  return stringAt(found, 'address')
}
