import {
  isJsonObject,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  type JsonObject,
} from '../json-value.ts'
import {ageSince} from '../../../util/age.ts'
import {orNone} from './cells.ts'
import {ageColumn, column, createdAtColumn, nameColumn, type TableColumn} from './columns.ts'

function sizeOf(object: JsonObject, ...fields: string[]): number {
  return fields.reduce((sum, field) => sum + Object.keys(objectAt(object, field)).length, 0)
}

/** The table of ConfigMaps. */
export const configMapColumns: readonly TableColumn[] = [
  nameColumn,
  column('Data', (object) => sizeOf(object, 'data', 'binaryData')),
  ageColumn,
]

/** The table of Secrets. */
export const secretColumns: readonly TableColumn[] = [
  nameColumn,
  column('Type', (object) => stringAt(object, 'type')),
  column('Data', (object) => sizeOf(object, 'data')),
  ageColumn,
]

/** The table of Namespaces. */
export const namespaceColumns: readonly TableColumn[] = [
  nameColumn,
  column('Status', (object) => stringAt(objectAt(object, 'status'), 'phase')),
  ageColumn,
]

/** The table of core Events; it begins with what happened, not with the name. */
export const eventColumns: readonly TableColumn[] = [
  column('Last Seen', lastSeen),
  column('Type', (object) => stringAt(object, 'type')),
  column('Reason', (object) => stringAt(object, 'reason')),
  column('Object', (object) => {
    const involved = objectAt(object, 'involvedObject')
    const kind = stringAt(involved, 'kind').toLowerCase()
    const name = stringAt(involved, 'name')
    return name === '' ? kind : `${kind}/${name}`
  }),
  column('Subobject', (object) => stringAt(objectAt(object, 'involvedObject'), 'fieldPath'), {
    wide: true,
  }),
  column('Source', eventSource, {wide: true}),
  column('Message', (object) => stringAt(object, 'message').trim()),
  column('First Seen', firstSeen, {wide: true}),
  column('Count', eventCount, {type: 'integer', wide: true}),
  {...nameColumn, priority: 1},
]

function eventSource(event: JsonObject): string {
  const source = objectAt(event, 'source')
  const component = stringAt(source, 'component') || stringAt(event, 'reportingComponent')
  const host = stringAt(source, 'host') || stringAt(event, 'reportingInstance')
  return host === '' ? component : `${component}, ${host}`
}

function eventCount(event: JsonObject): number {
  return numberAt(objectAt(event, 'series'), 'count') ?? numberAt(event, 'count') ?? 1
}

function firstSeen(event: JsonObject, nowMs: number): string {
  const first = stringAt(event, 'firstTimestamp') || stringAt(event, 'eventTime')
  return ageSince(first, nowMs)
}

function lastSeen(event: JsonObject, nowMs: number): string {
  const series = stringAt(objectAt(event, 'series'), 'lastObservedTime')
  const last = series || stringAt(event, 'lastTimestamp')
  return last === '' ? firstSeen(event, nowMs) : ageSince(last, nowMs)
}

/** The table of Nodes. */
export const nodeColumns: readonly TableColumn[] = [
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

/** The table of CustomResourceDefinitions. */
export const definitionColumns: readonly TableColumn[] = [nameColumn, createdAtColumn]

/** The table of Roles. */
export const roleColumns: readonly TableColumn[] = [nameColumn, createdAtColumn]

/** The table of RoleBindings and ClusterRoleBindings. */
export const roleBindingColumns: readonly TableColumn[] = [
  nameColumn,
  column('Role', (object) => {
    const role = objectAt(object, 'roleRef')
    return `${stringAt(role, 'kind')}/${stringAt(role, 'name')}`
  }),
  ageColumn,
  ...(
    [
      ['Users', 'User'],
      ['Groups', 'Group'],
      ['ServiceAccounts', 'ServiceAccount'],
    ] as const
  ).map(([name, kind]) =>
    column(name, (object) => subjectNames(object, kind), {
      wide: true,
    }),
  ),
]

function subjectNames(binding: JsonObject, kind: string): string {
  return objectsAt(binding, 'subjects')
    .filter((subject) => subject['kind'] === kind)
    .map((subject) => {
      const namespace = stringAt(subject, 'namespace')
      const name = stringAt(subject, 'name')
      return kind === 'ServiceAccount' && namespace !== '' ? `${namespace}/${name}` : name
    })
    .join(', ')
}

/** The table of both webhook configurations. */
export const webhookColumns: readonly TableColumn[] = [
  nameColumn,
  column('Webhooks', (object) => objectsAt(object, 'webhooks').length, {type: 'integer'}),
  ageColumn,
]

/** The table of Leases. */
export const leaseColumns: readonly TableColumn[] = [
  nameColumn,
  column('Holder', (object) => stringAt(objectAt(object, 'spec'), 'holderIdentity')),
  ageColumn,
]

/** The table of PriorityClasses. */
export const priorityClassColumns: readonly TableColumn[] = [
  nameColumn,
  column('Value', (object) => numberAt(object, 'value') ?? 0, {type: 'integer'}),
  column('Global-Default', (object) => (object['globalDefault'] === true ? 'true' : 'false')),
  ageColumn,
  column('PreemptionPolicy', (object) => stringAt(object, 'preemptionPolicy')),
]

/** The table of APIServices. */
export const apiServiceColumns: readonly TableColumn[] = [
  nameColumn,
  column('Service', (object) => {
    const service = objectAt(object, 'spec')['service']
    return isJsonObject(service)
      ? `${stringAt(service, 'namespace')}/${stringAt(service, 'name')}`
      : 'Local'
  }),
  column('Available', (object) => {
    const condition = objectsAt(objectAt(object, 'status'), 'conditions').find(
      (item) => item['type'] === 'Available',
    )
    return stringAt(condition, 'status') || 'Unknown'
  }),
  ageColumn,
]
