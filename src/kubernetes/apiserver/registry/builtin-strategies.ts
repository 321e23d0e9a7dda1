import {
  defaultEndpoints,
  defaultEndpointSlice,
  defaultPriorityClass,
  defaultRoleBinding,
  defaultSecret,
  defaultWebhookConfiguration,
} from '../defaulting/other-kinds.ts'
import {defaultDeployment, defaultReplicas, defaultReplicaSet} from '../defaulting/workloads.ts'
import {
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
  validateRoleRefUpdate,
} from '../validation/access.ts'
import {validatePriorityClass, validatePriorityClassUpdate} from '../validation/priority-class.ts'
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
import {validateEvent} from '../validation/event.ts'
import {validateLease} from '../validation/lease.ts'
import {nameCheck, pathSegment} from '../validation/names.ts'
import {validateWebhookConfiguration} from '../validation/webhook-configuration.ts'
import {
  validateDeployment,
  validateDeploymentStatus,
  validateDeploymentUpdate,
  validateReplicaSet,
  validateReplicaSetStatus,
  validateReplicaSetUpdate,
} from '../validation/workloads.ts'
import {strategy} from './base-strategy.ts'
import {definitionStrategy} from './definition-strategy.ts'
import {namespaceStrategy} from './namespace-strategy.ts'
import {podStrategy} from './pod-strategy.ts'
import {serviceStrategy} from './service-strategy.ts'
import type {Strategy} from './strategy.ts'

const plain = strategy()
const withStatus = strategy({hasStatus: true, hasGeneration: true})
const withStatusReturned = strategy({hasStatus: true, returnsDeletedObject: true})
const rbac = {validateName: nameCheck(pathSegment), createsOnUpdate: true}

/** A workload: counted generations, a status of its own. */
function workload(own: Partial<Strategy>): Strategy {
  return strategy({hasStatus: true, hasGeneration: true, ...own})
}

const webhooks = strategy({
  hasGeneration: true,
  allowsUnconditionalUpdate: false,
  applyDefaults: defaultWebhookConfiguration,
  validate: validateWebhookConfiguration,
})

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
  Event: strategy({createsOnUpdate: true, validate: validateEvent}),
  LimitRange: strategy({createsOnUpdate: true}),
  Endpoints: strategy({
    createsOnUpdate: true,
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
  Node: strategy({hasStatus: true, createsWithStatus: true}),
  PersistentVolume: withStatusReturned,
  PersistentVolumeClaim: withStatusReturned,
  PodTemplate: strategy({returnsDeletedObject: true}),
  ReplicationController: workload({applyDefaults: defaultReplicas, defaultPropagation: 'Orphan'}),
  ResourceQuota: withStatusReturned,
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
  StatefulSet: workload({applyDefaults: defaultReplicas}),
  DaemonSet: withStatus,
  Job: workload({defaultPropagation: 'Orphan'}),
  CronJob: withStatus,
  HorizontalPodAutoscaler: strategy({hasStatus: true}),
  PodDisruptionBudget: withStatus,
  Ingress: withStatus,
  IngressClass: strategy({hasGeneration: true}),
  NetworkPolicy: strategy({hasGeneration: true}),
  Lease: strategy({
    allowsUnconditionalUpdate: false,
    createsOnUpdate: true,
    validate: validateLease,
  }),
  Role: strategy({...rbac, validate: validateRole}),
  ClusterRole: strategy({...rbac, validate: validateClusterRole}),
  RoleBinding: binding(validateRoleBinding),
  ClusterRoleBinding: binding(validateClusterRoleBinding),
  StorageClass: strategy({returnsDeletedObject: true}),
  PriorityClass: strategy({
    hasGeneration: true,
    applyDefaults: defaultPriorityClass,
    validate: validatePriorityClass,
    validateUpdate: validatePriorityClassUpdate,
  }),
  MutatingWebhookConfiguration: webhooks,
  ValidatingWebhookConfiguration: webhooks,
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
