import {
  defaultEndpoints,
  defaultEndpointSlice,
  defaultHorizontalPodAutoscaler,
  defaultNetworkPolicy,
  defaultPersistentVolume,
  defaultPersistentVolumeClaim,
  defaultPriorityClass,
  defaultRoleBinding,
  defaultSecret,
  defaultStorageClass,
  defaultWebhookConfiguration,
} from '../defaulting/other-kinds.ts'
import {
  defaultCronJob,
  defaultDaemonSet,
  defaultDeployment,
  defaultJob,
  defaultPodTemplate,
  defaultReplicaSet,
  defaultReplicationController,
  defaultStatefulSet,
} from '../defaulting/workloads.ts'
import {
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
  validateRoleRefUpdate,
} from '../validation/access.ts'
import {
  validateConfigMap,
  validateConfigMapUpdate,
  validateSecret,
  validateSecretUpdate,
} from '../validation/config.ts'
import {
  validateEndpoints,
  validateEndpointSlice,
  validateEndpointSliceUpdate,
} from '../validation/endpoints.ts'
import {nameCheck, pathSegment} from '../validation/names.ts'
import {
  validateDaemonSet,
  validateDeployment,
  validateDeploymentStatus,
  validateDeploymentUpdate,
  validateJob,
  validateJobUpdate,
  validateReplicaSet,
  validateReplicaSetStatus,
  validateReplicaSetUpdate,
  validateStatefulSet,
  validateStatefulSetUpdate,
} from '../validation/workloads.ts'
import {strategy} from './base-strategy.ts'
import {definitionStrategy} from './definition-strategy.ts'
import {namespaceStrategy} from './namespace-strategy.ts'
import {podStrategy} from './pod-strategy.ts'
import {serviceStrategy} from './service-strategy.ts'
import type {Strategy} from './strategy.ts'

const plain = strategy()
const withStatus = strategy({hasStatus: true, hasGeneration: true})
const rbac = {validateName: nameCheck(pathSegment)}

/** A workload: counted generations, a status of its own. */
function workload(own: Partial<Strategy>): Strategy {
  return strategy({hasStatus: true, hasGeneration: true, ...own})
}

function binding(validate: Strategy['validate']): Strategy {
  return strategy({
    ...rbac,
    applyDefaults: defaultRoleBinding,
    validate,
    validateUpdate: validateRoleRefUpdate,
  })
}

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  Pod: podStrategy,
  Service: serviceStrategy,
  Namespace: namespaceStrategy,
  ConfigMap: strategy({validate: validateConfigMap, validateUpdate: validateConfigMapUpdate}),
  Secret: strategy({
    applyDefaults: defaultSecret,
    validate: validateSecret,
    validateUpdate: validateSecretUpdate,
  }),
  ServiceAccount: strategy({returnsDeletedObject: true}),
  Endpoints: strategy({
    applyDefaults: defaultEndpoints,
    validate: validateEndpoints,
    deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  }),
  EndpointSlice: strategy({
    hasGeneration: true,
    applyDefaults: defaultEndpointSlice,
    validate: validateEndpointSlice,
    validateUpdate: validateEndpointSliceUpdate,
  }),
  Node: strategy({hasStatus: true}),
  PersistentVolume: strategy({
    hasStatus: true,
    returnsDeletedObject: true,
    applyDefaults: defaultPersistentVolume,
  }),
  PersistentVolumeClaim: strategy({
    hasStatus: true,
    returnsDeletedObject: true,
    applyDefaults: defaultPersistentVolumeClaim,
  }),
  PodTemplate: strategy({returnsDeletedObject: true, applyDefaults: defaultPodTemplate}),
  ReplicationController: workload({
    applyDefaults: defaultReplicationController,
    defaultPropagation: 'Orphan',
  }),
  ResourceQuota: strategy({hasStatus: true, returnsDeletedObject: true}),
  Deployment: workload({
    metadataKeptByStatus: ['labels'],
    applyDefaults: defaultDeployment,
    validate: validateDeployment,
    validateUpdate: validateDeploymentUpdate,
    validateStatusUpdate: validateDeploymentStatus,
  }),
  ReplicaSet: workload({
    applyDefaults: defaultReplicaSet,
    validate: validateReplicaSet,
    validateUpdate: validateReplicaSetUpdate,
    validateStatusUpdate: validateReplicaSetStatus,
  }),
  StatefulSet: workload({
    applyDefaults: defaultStatefulSet,
    validate: validateStatefulSet,
    validateUpdate: validateStatefulSetUpdate,
  }),
  DaemonSet: workload({applyDefaults: defaultDaemonSet, validate: validateDaemonSet}),
  Job: workload({
    applyDefaults: defaultJob,
    validate: validateJob,
    validateUpdate: validateJobUpdate,
    defaultPropagation: 'Orphan',
  }),
  CronJob: workload({applyDefaults: defaultCronJob}),
  HorizontalPodAutoscaler: strategy({
    hasStatus: true,
    applyDefaults: defaultHorizontalPodAutoscaler,
  }),
  PodDisruptionBudget: withStatus,
  Ingress: withStatus,
  IngressClass: strategy({hasGeneration: true}),
  NetworkPolicy: strategy({hasGeneration: true, applyDefaults: defaultNetworkPolicy}),
  Role: strategy({...rbac, validate: validateRole}),
  ClusterRole: strategy({...rbac, validate: validateClusterRole}),
  RoleBinding: binding(validateRoleBinding),
  ClusterRoleBinding: binding(validateClusterRoleBinding),
  StorageClass: strategy({returnsDeletedObject: true, applyDefaults: defaultStorageClass}),
  PriorityClass: strategy({hasGeneration: true, applyDefaults: defaultPriorityClass}),
  MutatingWebhookConfiguration: strategy({
    hasGeneration: true,
    applyDefaults: defaultWebhookConfiguration,
  }),
  ValidatingWebhookConfiguration: strategy({
    hasGeneration: true,
    applyDefaults: defaultWebhookConfiguration,
  }),
  CustomResourceDefinition: definitionStrategy,
  APIService: strategy({
    hasStatus: true,
    metadataKeptByStatus: undefined,
    allowsUnconditionalUpdate: false,
  }),
  FlowSchema: withStatus,
  PriorityLevelConfiguration: withStatus,
  CertificateSigningRequest: strategy({hasStatus: true}),
  VolumeAttachment: strategy({hasStatus: true}),
  ServiceCIDR: strategy({hasStatus: true}),
  ResourceClaim: strategy({hasStatus: true}),
}

/** What is particular about a built-in kind when it is written. */
export function builtinStrategy(kind: string): Strategy {
  return STRATEGIES[kind] ?? plain
}
