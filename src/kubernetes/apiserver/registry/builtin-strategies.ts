import {defaultHorizontalPodAutoscaler} from '../defaulting/autoscaler.ts'
import {
  defaultEndpoints,
  defaultEndpointSlice,
  defaultIngressClass,
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
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatus,
} from '../validation/autoscaler.ts'
import {
  validatePriorityClass,
  validatePriorityClassUpdate,
  validateRuntimeClass,
  validateRuntimeClassUpdate,
  validateStorageClass,
  validateStorageClassUpdate,
} from '../validation/classes.ts'
import {
  validateConfigMap,
  validateConfigMapUpdate,
  validateSecret,
  validateSecretUpdate,
} from '../validation/config.ts'
import {validateDaemonSet} from '../validation/daemon-set.ts'
import {
  validateEndpoints,
  validateEndpointSlice,
  validateEndpointSliceUpdate,
} from '../validation/endpoints.ts'
import {validateEvent} from '../validation/event.ts'
import {
  validateIngress,
  validateIngressClass,
  validateIngressClassUpdate,
  validateIngressStatus,
  validateNewIngress,
} from '../validation/ingress.ts'
import {validateCronJob, validateNewCronJob} from '../validation/jobs.ts'
import {validateLease} from '../validation/lease.ts'
import {nameCheck, pathSegment} from '../validation/names.ts'
import {validateNetworkPolicy} from '../validation/network-policy.ts'
import {
  validatePersistentVolume,
  validatePersistentVolumeClaim,
  validatePersistentVolumeClaimUpdate,
  validatePersistentVolumeUpdate,
} from '../validation/persistent-volume.ts'
import {immutableSelector} from '../validation/pod-template.ts'
import {
  validateStatefulSet,
  validateStatefulSetStatus,
  validateStatefulSetUpdate,
} from '../validation/stateful-set.ts'
import {validateWebhookConfiguration} from '../validation/webhook-configuration.ts'
import {
  validateDeployment,
  validateDeploymentStatus,
  validateDeploymentUpdate,
  validateReplicaSet,
  validateReplicaSetStatus,
  validateReplicaSetUpdate,
} from '../validation/workloads.ts'
import {autoscalerFromV1} from './autoscaler-conversion.ts'
import {strategy} from './base-strategy.ts'
import {definitionStrategy} from './definition-strategy.ts'
import {jobStrategy} from './job-strategy.ts'
import {namespaceStrategy} from './namespace-strategy.ts'
import {podStrategy} from './pod-strategy.ts'
import {serviceStrategy} from './service-strategy.ts'
import type {Strategy} from './strategy.ts'

const plain = strategy()
const withStatus = strategy({hasStatus: true, hasGeneration: true})
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
  PersistentVolume: strategy({
    hasStatus: true,
    returnsDeletedObject: true,
    applyDefaults: defaultPersistentVolume,
    prepareForCreate: defaultPersistentVolume,
    validate: validatePersistentVolume,
    validateUpdate: validatePersistentVolumeUpdate,
  }),
  PersistentVolumeClaim: strategy({
    hasStatus: true,
    returnsDeletedObject: true,
    applyDefaults: defaultPersistentVolumeClaim,
    prepareForCreate: defaultPersistentVolumeClaim,
    validate: validatePersistentVolumeClaim,
    validateUpdate: validatePersistentVolumeClaimUpdate,
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
    validateStatusUpdate: validateStatefulSetStatus,
  }),
  DaemonSet: workload({
    applyDefaults: defaultDaemonSet,
    validate: validateDaemonSet,
    validateUpdate: immutableSelector,
  }),
  Job: jobStrategy,
  CronJob: workload({
    applyDefaults: defaultCronJob,
    validate: validateCronJob,
    validateCreate: validateNewCronJob,
  }),
  HorizontalPodAutoscaler: strategy({
    hasStatus: true,
    applyDefaults: defaultHorizontalPodAutoscaler,
    // Upstream looks at it in one form, whichever it was written in.
    validate: (object) =>
      validateHorizontalPodAutoscaler(
        object['apiVersion'] === 'autoscaling/v1' ? autoscalerFromV1(object) : object,
      ),
    validateStatusUpdate: validateHorizontalPodAutoscalerStatus,
  }),
  PodDisruptionBudget: withStatus,
  Ingress: workload({
    validate: validateIngress,
    validateCreate: validateNewIngress,
    validateStatusUpdate: validateIngressStatus,
  }),
  IngressClass: strategy({
    hasGeneration: true,
    applyDefaults: defaultIngressClass,
    validate: validateIngressClass,
    validateUpdate: validateIngressClassUpdate,
  }),
  NetworkPolicy: strategy({
    hasGeneration: true,
    applyDefaults: defaultNetworkPolicy,
    validate: validateNetworkPolicy,
  }),
  Lease: strategy({
    allowsUnconditionalUpdate: false,
    createsOnUpdate: true,
    validate: validateLease,
  }),
  Role: strategy({...rbac, validate: validateRole}),
  ClusterRole: strategy({...rbac, validate: validateClusterRole}),
  RoleBinding: binding(validateRoleBinding),
  ClusterRoleBinding: binding(validateClusterRoleBinding),
  StorageClass: strategy({
    returnsDeletedObject: true,
    applyDefaults: defaultStorageClass,
    validate: validateStorageClass,
    validateUpdate: validateStorageClassUpdate,
  }),
  PriorityClass: strategy({
    hasGeneration: true,
    applyDefaults: defaultPriorityClass,
    validate: validatePriorityClass,
    validateUpdate: validatePriorityClassUpdate,
  }),
  RuntimeClass: strategy({
    allowsUnconditionalUpdate: false,
    validate: validateRuntimeClass,
    validateUpdate: validateRuntimeClassUpdate,
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
