import {ageColumn, nameColumn, type TableColumn} from './columns.ts'
import {endpointsColumns, endpointSliceColumns, serviceColumns} from './network-columns.ts'
import {
  apiServiceColumns,
  configMapColumns,
  definitionColumns,
  eventColumns,
  leaseColumns,
  namespaceColumns,
  nodeColumns,
  priorityClassColumns,
  roleBindingColumns,
  roleColumns,
  secretColumns,
  webhookColumns,
} from './other-columns.ts'
import {podColumns} from './pod-columns.ts'
import {deploymentColumns, replicaSetColumns} from './workload-columns.ts'

const COLUMNS: Readonly<Record<string, readonly TableColumn[]>> = {
  APIService: apiServiceColumns,
  ClusterRole: roleColumns,
  ClusterRoleBinding: roleBindingColumns,
  ConfigMap: configMapColumns,
  CustomResourceDefinition: definitionColumns,
  Deployment: deploymentColumns,
  EndpointSlice: endpointSliceColumns,
  Endpoints: endpointsColumns,
  Event: eventColumns,
  Lease: leaseColumns,
  MutatingWebhookConfiguration: webhookColumns,
  Namespace: namespaceColumns,
  Node: nodeColumns,
  Pod: podColumns,
  PriorityClass: priorityClassColumns,
  ReplicaSet: replicaSetColumns,
  Role: roleColumns,
  RoleBinding: roleBindingColumns,
  Secret: secretColumns,
  Service: serviceColumns,
  ValidatingWebhookConfiguration: webhookColumns,
}

const PLAIN: readonly TableColumn[] = [nameColumn, ageColumn]

/** The columns kubectl shows for a built-in kind. */
export function builtinColumns(kind: string): readonly TableColumn[] {
  return COLUMNS[kind] ?? PLAIN
}
