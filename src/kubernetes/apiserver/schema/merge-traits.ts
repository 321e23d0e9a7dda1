/**
 * How the lists and maps of the built-in kinds merge: what `+listType`, `+patchStrategy` and their
 * siblings say in the Go sources. Lists that are not here are replaced as a whole.
 *
 * Keys are `Struct.field`; `*.field` stands for the field in every struct.
 */

/** How one list merges, in server-side apply and in strategic merge patches. */
export interface ListTraits {
  /** Without it, server-side apply takes the merge key or, failing that, the whole list. */
  readonly listType?: 'map' | 'set' | 'atomic'
  readonly mapKeys?: readonly string[]
  readonly patchStrategy?: string
  readonly patchMergeKey?: string
}

/** By one key, in both ways of patching. */
function by(key: string, ...moreMapKeys: string[]): ListTraits {
  return {
    listType: 'map',
    mapKeys: [key, ...moreMapKeys],
    patchStrategy: 'merge',
    patchMergeKey: key,
  }
}

/** By one key, and unknown fields of an item go: volumes, which are one of many things. */
function retaining(key: string): ListTraits {
  return {...by(key), patchStrategy: 'merge,retainKeys'}
}

/** By keys for server-side apply only. */
function mapOnly(...keys: string[]): ListTraits {
  return {listType: 'map', mapKeys: keys}
}

/** The lists that merge. */
export const LIST_TRAITS: Readonly<Record<string, ListTraits>> = {
  'ObjectMeta.finalizers': {listType: 'set', patchStrategy: 'merge'},
  'ObjectMeta.ownerReferences': by('uid'),
  'PodSpec.volumes': retaining('name'),
  'PodSpec.containers': by('name'),
  'PodSpec.initContainers': by('name'),
  'PodSpec.ephemeralContainers': by('name'),
  'PodSpec.imagePullSecrets': by('name'),
  'PodSpec.hostAliases': by('ip'),
  'PodSpec.topologySpreadConstraints': by('topologyKey', 'whenUnsatisfiable'),
  'PodSpec.schedulingGates': by('name'),
  'PodSpec.resourceClaims': retaining('name'),
  '*.env': by('name'),
  '*.volumeMounts': by('mountPath'),
  '*.volumeDevices': by('devicePath'),
  'Container.ports': by('containerPort', 'protocol'),
  'EphemeralContainer.ports': by('containerPort', 'protocol'),
  'ResourceRequirements.claims': mapOnly('name'),
  'PodStatus.conditions': by('type'),
  'PodStatus.podIPs': by('ip'),
  'PodStatus.hostIPs': {listType: 'atomic', patchStrategy: 'merge', patchMergeKey: 'ip'},
  'PodStatus.resourceClaimStatuses': retaining('name'),
  'ServiceSpec.ports': by('port', 'protocol'),
  'ServiceStatus.conditions': by('type'),
  'ServiceAccount.secrets': by('name'),
  'NamespaceStatus.conditions': by('type'),
  'NodeSpec.podCIDRs': {listType: 'set', patchStrategy: 'merge'},
  'NodeStatus.addresses': by('type'),
  'NodeStatus.conditions': by('type'),
  'PersistentVolumeClaimStatus.conditions': by('type'),
  'ReplicationControllerStatus.conditions': by('type'),
  'DeploymentStatus.conditions': by('type'),
  'ReplicaSetStatus.conditions': by('type'),
  'StatefulSetStatus.conditions': by('type'),
  'DaemonSetStatus.conditions': by('type'),
  'JobStatus.conditions': {listType: 'atomic', patchStrategy: 'merge', patchMergeKey: 'type'},
  'HorizontalPodAutoscalerStatus.conditions': by('type'),
  'PodDisruptionBudgetStatus.conditions': by('type'),
  'CustomResourceDefinitionStatus.conditions': mapOnly('type'),
  'APIServiceStatus.conditions': by('type'),
  'CertificateSigningRequestStatus.conditions': mapOnly('type'),
  'ServiceCIDRStatus.conditions': by('type'),
  'FlowSchemaStatus.conditions': by('type'),
  'PriorityLevelConfigurationStatus.conditions': by('type'),
  'MutatingWebhookConfiguration.webhooks': by('name'),
  'ValidatingWebhookConfiguration.webhooks': by('name'),
  'MutatingWebhook.matchConditions': by('name'),
  'ValidatingWebhook.matchConditions': by('name'),
  'Endpoint.addresses': {listType: 'set'},
  'JSONSchemaProps.x-kubernetes-validations': {
    ...mapOnly('rule'),
    patchStrategy: 'merge',
    patchMergeKey: 'rule',
  },
}

/** Structs and maps that are replaced as a whole. */
export const ATOMIC_STRUCTS = new Set([
  'OwnerReference',
  'LabelSelector',
  'ObjectReference',
  'LocalObjectReference',
  'SecretReference',
  'SecretKeySelector',
  'ConfigMapKeySelector',
  'ObjectFieldSelector',
  'ResourceFieldSelector',
  'TypedLocalObjectReference',
  'NodeSelector',
  'NodeSelectorTerm',
  'TopologySelectorTerm',
  'ScopeSelector',
  'CrossVersionObjectReference',
  'RoleRef',
  'FileKeySelector',
  'ParamRef',
  'ParamKind',
])

/** Maps that are replaced as a whole. */
export const ATOMIC_MAPS = new Set([
  'PodSpec.nodeSelector',
  'ServiceSpec.selector',
  'ReplicationControllerSpec.selector',
])

/** Structs whose fields a strategic merge patch may replace together. */
export const PATCH_STRATEGIES: Readonly<Record<string, string>> = {
  'DeploymentSpec.strategy': 'retainKeys',
  'PersistentVolumeClaimStatus.allocatedResourceStatuses': 'atomic',
}

/** What a missing key of a list item stands for. */
export const KEY_DEFAULTS: Readonly<Record<string, unknown>> = {
  'ContainerPort.protocol': 'TCP',
  'ServicePort.protocol': 'TCP',
}
