/**
 * The kinds of Kubernetes itself that this server serves, as a table: names as discovery shows
 * them, the type of their documents, and what is particular about them when they are written.
 */
import {builtinStrategy} from './builtin-strategies.ts'
import type {Strategy} from './strategy.ts'
import type {Subresource, Verb} from './served-resource.ts'

/** One row of the table. */
export interface BuiltinKind {
  readonly groupVersion: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly verbs: readonly Verb[]
  readonly subresources: readonly Subresource[]
  /** The short name of its Go struct: `core.v1.Pod`. */
  readonly typeId: string
  readonly strategy: Strategy
}

/** Verbs in the order discovery shows them for built-in kinds. */
const ALL_VERBS: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
]

const READ_WRITE: readonly Verb[] = ['get', 'patch', 'update']
const CREATE: readonly Verb[] = ['create']
const PROXY: readonly Verb[] = ['create', 'delete', 'get', 'patch', 'update']
const STREAM: readonly Verb[] = ['create', 'get']

/** Subresources by name; those that are not here are `get, patch, update` of the kind itself. */
const SUBRESOURCES: Readonly<Record<string, Omit<Subresource, 'name'>>> = {
  scale: {verbs: READ_WRITE, kind: {group: 'autoscaling', version: 'v1', kind: 'Scale'}},
  finalize: {verbs: ['update']},
  token: {
    verbs: CREATE,
    kind: {group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest'},
  },
  eviction: {verbs: CREATE, kind: {group: 'policy', version: 'v1', kind: 'Eviction'}},
  binding: {verbs: CREATE, kind: {group: '', version: 'v1', kind: 'Binding'}},
  log: {verbs: ['get']},
  attach: {verbs: STREAM, kind: {group: '', version: 'v1', kind: 'PodAttachOptions'}},
  exec: {verbs: STREAM, kind: {group: '', version: 'v1', kind: 'PodExecOptions'}},
  portforward: {verbs: STREAM, kind: {group: '', version: 'v1', kind: 'PodPortForwardOptions'}},
}

/**
 * `Kind plural` with, separated by `|`: scope (`C` cluster), short names, categories, subresources.
 * Empty parts are left out from the right.
 */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  v1: [
    'Binding bindings',
    'ComponentStatus componentstatuses|C|cs',
    'ConfigMap configmaps||cm',
    'Endpoints endpoints||ep',
    'Event events||ev',
    'LimitRange limitranges||limits',
    'Namespace namespaces|C|ns||finalize status',
    'Node nodes|C|no||proxy status',
    'PersistentVolumeClaim persistentvolumeclaims||pvc||status',
    'PersistentVolume persistentvolumes|C|pv||status',
    'Pod pods||po|all|attach binding ephemeralcontainers eviction exec log portforward proxy resize status',
    'PodTemplate podtemplates',
    'ReplicationController replicationcontrollers||rc|all|scale status',
    'ResourceQuota resourcequotas||quota||status',
    'Secret secrets',
    'ServiceAccount serviceaccounts||sa||token',
    'Service services||svc|all|proxy status',
  ],
  'apiregistration.k8s.io/v1': ['APIService apiservices|C||api-extensions|status'],
  'apps/v1': [
    'ControllerRevision controllerrevisions',
    'DaemonSet daemonsets||ds|all|status',
    'Deployment deployments||deploy|all|scale status',
    'ReplicaSet replicasets||rs|all|scale status',
    'StatefulSet statefulsets||sts|all|scale status',
  ],
  'events.k8s.io/v1': ['Event events||ev'],
  'authentication.k8s.io/v1': [
    'SelfSubjectReview selfsubjectreviews|C',
    'TokenReview tokenreviews|C',
  ],
  'authorization.k8s.io/v1': [
    'LocalSubjectAccessReview localsubjectaccessreviews',
    'SelfSubjectAccessReview selfsubjectaccessreviews|C',
    'SelfSubjectRulesReview selfsubjectrulesreviews|C',
    'SubjectAccessReview subjectaccessreviews|C',
  ],
  'autoscaling/v2': ['HorizontalPodAutoscaler horizontalpodautoscalers||hpa|all|status'],
  'autoscaling/v1': ['HorizontalPodAutoscaler horizontalpodautoscalers||hpa|all|status'],
  'batch/v1': ['CronJob cronjobs||cj|all|status', 'Job jobs|||all|status'],
  'certificates.k8s.io/v1': [
    'CertificateSigningRequest certificatesigningrequests|C|csr||approval status',
  ],
  'networking.k8s.io/v1': [
    'IngressClass ingressclasses|C',
    'Ingress ingresses||ing||status',
    'IPAddress ipaddresses|C|ip',
    'NetworkPolicy networkpolicies||netpol',
    'ServiceCIDR servicecidrs|C|||status',
  ],
  'policy/v1': ['PodDisruptionBudget poddisruptionbudgets||pdb||status'],
  'rbac.authorization.k8s.io/v1': [
    'ClusterRoleBinding clusterrolebindings|C',
    'ClusterRole clusterroles|C',
    'RoleBinding rolebindings',
    'Role roles',
  ],
  'storage.k8s.io/v1': [
    'CSIDriver csidrivers|C',
    'CSINode csinodes|C',
    'CSIStorageCapacity csistoragecapacities',
    'StorageClass storageclasses|C|sc',
    'VolumeAttachment volumeattachments|C|||status',
    'VolumeAttributesClass volumeattributesclasses|C|vac',
  ],
  'admissionregistration.k8s.io/v1': [
    'MutatingAdmissionPolicy mutatingadmissionpolicies|C||api-extensions',
    'MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings|C||api-extensions',
    'MutatingWebhookConfiguration mutatingwebhookconfigurations|C||api-extensions',
    'ValidatingAdmissionPolicy validatingadmissionpolicies|C||api-extensions|status',
    'ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings|C||api-extensions',
    'ValidatingWebhookConfiguration validatingwebhookconfigurations|C||api-extensions',
  ],
  'apiextensions.k8s.io/v1': [
    'CustomResourceDefinition customresourcedefinitions|C|crd crds|api-extensions|status',
  ],
  'scheduling.k8s.io/v1': ['PriorityClass priorityclasses|C|pc'],
  'coordination.k8s.io/v1': ['Lease leases'],
  'node.k8s.io/v1': ['RuntimeClass runtimeclasses|C'],
  'discovery.k8s.io/v1': ['EndpointSlice endpointslices'],
  'resource.k8s.io/v1': [
    'DeviceClass deviceclasses|C',
    'ResourceClaim resourceclaims||||status',
    'ResourceClaimTemplate resourceclaimtemplates',
    'ResourceSlice resourceslices|C',
  ],
  'flowcontrol.apiserver.k8s.io/v1': [
    'FlowSchema flowschemas|C|||status',
    'PriorityLevelConfiguration prioritylevelconfigurations|C|||status',
  ],
}

const VERBS: Readonly<Record<string, readonly Verb[]>> = {
  bindings: CREATE,
  componentstatuses: ['get', 'list'],
  namespaces: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
  selfsubjectreviews: CREATE,
  tokenreviews: CREATE,
  localsubjectaccessreviews: CREATE,
  selfsubjectaccessreviews: CREATE,
  selfsubjectrulesreviews: CREATE,
  subjectaccessreviews: CREATE,
}

/** Every built-in kind, in the order of discovery. */
export function builtinKinds(): BuiltinKind[] {
  return Object.entries(KINDS).flatMap(([groupVersion, rows]) =>
    rows.map((row) => builtinKind(groupVersion, row)),
  )
}

function builtinKind(groupVersion: string, row: string): BuiltinKind {
  const [names = '', scope, shortNames, categories, subresources] = row.split('|')
  const [kind = '', plural = ''] = names.split(' ')
  return {
    groupVersion,
    kind,
    plural,
    namespaced: scope !== 'C',
    shortNames: words(shortNames),
    categories: words(categories),
    verbs: VERBS[plural] ?? ALL_VERBS,
    subresources: words(subresources).map((name) => subresource(name, kind)),
    typeId: `${typeGroup(groupVersion)}.${kind}`,
    strategy: builtinStrategy(kind),
  }
}

function subresource(name: string, kind: string): Subresource {
  if (name === 'proxy') {
    return {name, verbs: PROXY, kind: {group: '', version: 'v1', kind: `${kind}ProxyOptions`}}
  }
  return {name, ...(SUBRESOURCES[name] ?? {verbs: READ_WRITE})}
}

/** `networking.v1` of `networking.k8s.io/v1`: how the type table names groups. */
function typeGroup(groupVersion: string): string {
  const [group = '', version] = groupVersion.split('/')
  return version === undefined ? `core.${group}` : `${group.split('.')[0] ?? ''}.${version}`
}

function words(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(' ')
}
