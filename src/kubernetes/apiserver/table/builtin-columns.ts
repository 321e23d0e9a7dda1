import {ageColumn, nameColumn, type TableColumn} from './columns.ts'
import {
  endpointsColumns,
  endpointSliceColumns,
  ingressClassColumns,
  ingressColumns,
  networkPolicyColumns,
  serviceColumns,
} from './network-columns.ts'
import {
  apiServiceColumns,
  autoscalerColumns,
  configMapColumns,
  definitionColumns,
  eventColumns,
  leaseColumns,
  limitRangeColumns,
  namespaceColumns,
  nodeColumns,
  priorityClassColumns,
  roleBindingColumns,
  roleColumns,
  runtimeClassColumns,
  secretColumns,
  storageClassColumns,
  webhookColumns,
} from './other-columns.ts'
import {podColumns} from './pod-columns.ts'
import {volumeClaimColumns, volumeColumns} from './storage-columns.ts'
import {
  controllerRevisionColumns,
  cronJobColumns,
  daemonSetColumns,
  deploymentColumns,
  jobColumns,
  podTemplateColumns,
  replicaSetColumns,
  replicationControllerColumns,
  statefulSetColumns,
} from './workload-columns.ts'

const COLUMNS: Readonly<Record<string, readonly TableColumn[]>> = {
  APIService: apiServiceColumns,
  ClusterRole: roleColumns,
  ClusterRoleBinding: roleBindingColumns,
  ConfigMap: configMapColumns,
  ControllerRevision: controllerRevisionColumns,
  CronJob: cronJobColumns,
  CustomResourceDefinition: definitionColumns,
  DaemonSet: daemonSetColumns,
  Deployment: deploymentColumns,
  EndpointSlice: endpointSliceColumns,
  Endpoints: endpointsColumns,
  Event: eventColumns,
  HorizontalPodAutoscaler: autoscalerColumns,
  Ingress: ingressColumns,
  IngressClass: ingressClassColumns,
  Job: jobColumns,
  Lease: leaseColumns,
  LimitRange: limitRangeColumns,
  MutatingWebhookConfiguration: webhookColumns,
  Namespace: namespaceColumns,
  NetworkPolicy: networkPolicyColumns,
  Node: nodeColumns,
  PersistentVolume: volumeColumns,
  PersistentVolumeClaim: volumeClaimColumns,
  Pod: podColumns,
  PodTemplate: podTemplateColumns,
  PriorityClass: priorityClassColumns,
  ReplicaSet: replicaSetColumns,
  ReplicationController: replicationControllerColumns,
  Role: roleColumns,
  RoleBinding: roleBindingColumns,
  RuntimeClass: runtimeClassColumns,
  Secret: secretColumns,
  Service: serviceColumns,
  StatefulSet: statefulSetColumns,
  StorageClass: storageClassColumns,
  ValidatingWebhookConfiguration: webhookColumns,
}

const PLAIN: readonly TableColumn[] = [nameColumn, ageColumn]

/** The columns kubectl shows for a built-in kind. */
export function builtinColumns(kind: string): readonly TableColumn[] {
  return COLUMNS[kind] ?? PLAIN
}
