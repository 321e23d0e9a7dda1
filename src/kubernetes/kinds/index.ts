/**
 * The kinds of Kubernetes itself that this cluster serves, in the order of discovery. A kind is one
 * declaration, in the folder of its group.
 */
import type {KindDeclaration} from '../apiserver/registry/kind.ts'
import {
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
} from './admissionregistration/policies.ts'
import {
  mutatingWebhookConfiguration,
  validatingWebhookConfiguration,
} from './admissionregistration/webhook-configurations.ts'
import {customResourceDefinition} from './apiextensions/custom-resource-definition.ts'
import {apiService} from './apiregistration/api-service.ts'
import {deployment} from './apps/deployment.ts'
import {replicaSet} from './apps/replica-set.ts'
import {controllerRevision, daemonSet, statefulSet} from './apps/stored-only.ts'
import {selfSubjectReview, tokenReview} from './authentication/reviews.ts'
import {
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
} from './authorization/reviews.ts'
import {
  horizontalPodAutoscaler,
  horizontalPodAutoscalerV1,
} from './autoscaling/horizontal-pod-autoscaler.ts'
import {cronJob, job} from './batch/stored-only.ts'
import {certificateSigningRequest} from './certificates/certificate-signing-request.ts'
import {lease} from './coordination/lease.ts'
import {binding} from './core/binding.ts'
import {configMap} from './core/config-map.ts'
import {endpoints} from './core/endpoints.ts'
import {event, eventOfEvents} from './core/event/event.ts'
import {namespace} from './core/namespace/namespace.ts'
import {node} from './core/node.ts'
import {pod} from './core/pod/pod.ts'
import {secret} from './core/secret.ts'
import {serviceAccount} from './core/service-account/service-account.ts'
import {service} from './core/service/service.ts'
import {
  componentStatus,
  limitRange,
  persistentVolume,
  persistentVolumeClaim,
  podTemplate,
  replicationController,
  resourceQuota,
} from './core/stored-only.ts'
import {endpointSlice} from './discovery/endpoint-slice.ts'
import {flowSchema, priorityLevelConfiguration} from './flowcontrol/stored-only.ts'
import {
  ingress,
  ingressClass,
  ipAddress,
  networkPolicy,
  serviceCidr,
} from './networking/stored-only.ts'
import {runtimeClass} from './node/runtime-class.ts'
import {podDisruptionBudget} from './policy/pod-disruption-budget.ts'
import {clusterRole, clusterRoleBinding, role, roleBinding} from './rbac/roles.ts'
import {
  deviceClass,
  resourceClaim,
  resourceClaimTemplate,
  resourceSlice,
} from './resource/stored-only.ts'
import {priorityClass} from './scheduling/priority-class.ts'
import {
  csiDriver,
  csiNode,
  csiStorageCapacity,
  storageClass,
  volumeAttachment,
  volumeAttributesClass,
} from './storage/stored-only.ts'

/** Every kind that a cluster has from the beginning. */
export const builtinKinds: readonly KindDeclaration[] = [
  binding,
  componentStatus,
  configMap,
  endpoints,
  event,
  limitRange,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  pod,
  podTemplate,
  replicationController,
  resourceQuota,
  secret,
  serviceAccount,
  service,
  apiService,
  controllerRevision,
  daemonSet,
  deployment,
  replicaSet,
  statefulSet,
  eventOfEvents,
  selfSubjectReview,
  tokenReview,
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  horizontalPodAutoscaler,
  horizontalPodAutoscalerV1,
  cronJob,
  job,
  certificateSigningRequest,
  ingressClass,
  ingress,
  ipAddress,
  networkPolicy,
  serviceCidr,
  podDisruptionBudget,
  clusterRoleBinding,
  clusterRole,
  roleBinding,
  role,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  storageClass,
  volumeAttachment,
  volumeAttributesClass,
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  mutatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  validatingWebhookConfiguration,
  customResourceDefinition,
  priorityClass,
  lease,
  runtimeClass,
  endpointSlice,
  deviceClass,
  resourceClaim,
  resourceClaimTemplate,
  resourceSlice,
  flowSchema,
  priorityLevelConfiguration,
]
