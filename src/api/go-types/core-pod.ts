/** PodSpec of k8s.io/api `core/v1`. */
import {
  CONTAINER,
  RESOURCE_LIST,
  SECCOMP_PROFILE,
  SE_LINUX_OPTIONS,
  WINDOWS_OPTIONS,
} from './core-container.ts'
import {LOCAL_OBJECT_REFERENCE} from './core-references.ts'
import {VOLUME} from './core-volumes.ts'
import {
  BOOLEAN,
  INT32,
  INT64,
  OPAQUE,
  STRING,
  always,
  field,
  list,
  map,
  pointer,
  struct,
  text,
  unlisted,
} from './declare.ts'

const SYSCTL = struct('v1.Sysctl', {name: always(STRING), value: always(STRING)})

export const POD_SECURITY_CONTEXT = struct('v1.PodSecurityContext', {
  seLinuxOptions: unlisted(pointer(SE_LINUX_OPTIONS)),
  windowsOptions: unlisted(pointer(WINDOWS_OPTIONS)),
  runAsUser: pointer(INT64),
  runAsGroup: pointer(INT64),
  runAsNonRoot: pointer(BOOLEAN),
  supplementalGroups: list(INT64),
  fsGroup: pointer(INT64),
  sysctls: unlisted(list(SYSCTL)),
  fsGroupChangePolicy: unlisted(pointer(text('v1.PodFSGroupChangePolicy'))),
  seccompProfile: pointer(SECCOMP_PROFILE),
})

const LABEL_SELECTOR = struct('v1.LabelSelector', {
  matchLabels: map(STRING),
  matchExpressions: list(
    struct('v1.LabelSelectorRequirement', {
      key: always(STRING),
      operator: always(text('v1.LabelSelectorOperator')),
      values: list(STRING),
    }),
  ),
})

const NODE_SELECTOR_REQUIREMENT = struct('v1.NodeSelectorRequirement', {
  key: always(STRING),
  operator: always(text('v1.NodeSelectorOperator')),
  values: list(STRING),
})

const NODE_SELECTOR_TERM = struct('v1.NodeSelectorTerm', {
  matchExpressions: list(NODE_SELECTOR_REQUIREMENT),
  matchFields: list(NODE_SELECTOR_REQUIREMENT),
})

const NODE_AFFINITY = struct('v1.NodeAffinity', {
  requiredDuringSchedulingIgnoredDuringExecution: pointer(
    struct('v1.NodeSelector', {nodeSelectorTerms: always(list(NODE_SELECTOR_TERM))}),
  ),
  preferredDuringSchedulingIgnoredDuringExecution: list(
    struct('v1.PreferredSchedulingTerm', {
      weight: always(INT32),
      preference: always(NODE_SELECTOR_TERM),
    }),
  ),
})

const POD_AFFINITY_TERM = struct('v1.PodAffinityTerm', {
  labelSelector: pointer(LABEL_SELECTOR),
  namespaces: list(STRING),
  topologyKey: always(STRING),
  namespaceSelector: pointer(LABEL_SELECTOR),
})

const POD_AFFINITY_FIELDS = {
  requiredDuringSchedulingIgnoredDuringExecution: list(POD_AFFINITY_TERM),
  preferredDuringSchedulingIgnoredDuringExecution: list(
    struct('v1.WeightedPodAffinityTerm', {
      weight: always(INT32),
      podAffinityTerm: always(POD_AFFINITY_TERM),
    }),
  ),
}

const AFFINITY = struct('v1.Affinity', {
  nodeAffinity: pointer(NODE_AFFINITY),
  podAffinity: pointer(struct('v1.PodAffinity', POD_AFFINITY_FIELDS)),
  podAntiAffinity: pointer(struct('v1.PodAntiAffinity', POD_AFFINITY_FIELDS)),
})

const TOLERATION = struct('v1.Toleration', {
  key: STRING,
  operator: text('v1.TolerationOperator'),
  value: STRING,
  effect: text('v1.TaintEffect'),
  tolerationSeconds: pointer(INT64),
})

const HOST_ALIAS = struct('v1.HostAlias', {ip: STRING, hostnames: list(STRING)})

const DNS_CONFIG = struct('v1.PodDNSConfig', {
  nameservers: list(STRING),
  searches: list(STRING),
  options: list(struct('v1.PodDNSConfigOption', {name: STRING, value: pointer(STRING)})),
})

const TOPOLOGY_SPREAD_CONSTRAINT = struct('v1.TopologySpreadConstraint', {
  maxSkew: always(INT32),
  topologyKey: always(STRING),
  whenUnsatisfiable: always(text('v1.UnsatisfiableConstraintAction')),
  labelSelector: pointer(LABEL_SELECTOR),
  minDomains: pointer(INT32),
  nodeAffinityPolicy: pointer(text('v1.NodeInclusionPolicy')),
  nodeTaintsPolicy: pointer(text('v1.NodeInclusionPolicy')),
  matchLabelKeys: list(STRING),
})

export const POD_SPEC = struct('v1.PodSpec', {
  volumes: field(list(VOLUME), 'Volumes that containers may mount.'),
  initContainers: field(
    list(CONTAINER),
    'Containers that run to their end, in order, before the others start.',
    {features: ['podSpecInitContainers'], opaque: true},
  ),
  containers: always(
    list(CONTAINER),
    'The containers of a pod. One of them serves requests: the one with a port, if there are several.',
  ),
  ephemeralContainers: unlisted(list(OPAQUE)),
  restartPolicy: unlisted(text<'Always' | 'OnFailure' | 'Never'>('v1.RestartPolicy')),
  terminationGracePeriodSeconds: unlisted(pointer(INT64)),
  activeDeadlineSeconds: unlisted(pointer(INT64)),
  dnsPolicy: field(
    text('v1.DNSPolicy'),
    'How names are resolved: ClusterFirst, ClusterFirstWithHostNet, Default or None.',
    {features: ['podSpecDnsPolicy']},
  ),
  nodeSelector: field(map(STRING), 'Labels that a node must have to run the pods.', {
    features: ['podSpecNodeSelector'],
    opaque: true,
    atomic: true,
  }),
  serviceAccountName: field(
    STRING,
    'The ServiceAccount that the pods run as; "default" if not set.',
  ),
  serviceAccount: unlisted(STRING),
  automountServiceAccountToken: field(
    pointer(BOOLEAN),
    'Whether the token of the service account is mounted into the containers.',
  ),
  nodeName: unlisted(STRING),
  hostNetwork: unlisted(BOOLEAN),
  hostPID: unlisted(BOOLEAN),
  hostIPC: unlisted(BOOLEAN),
  shareProcessNamespace: field(
    pointer(BOOLEAN),
    'Whether the containers of a pod see the processes of one another.',
    {features: ['podSpecShareProcessNamespace'], opaque: true},
  ),
  securityContext: field(
    pointer(POD_SECURITY_CONTEXT),
    'Security settings of all containers of a pod.',
    {features: ['podSpecSecurityContext', 'securePodDefaults'], opaque: true},
  ),
  imagePullSecrets: field(
    list(LOCAL_OBJECT_REFERENCE),
    'Secrets with the credentials of image registries.',
  ),
  hostname: unlisted(STRING),
  subdomain: unlisted(STRING),
  affinity: field(
    pointer(AFFINITY),
    'Which nodes and which other pods the pods are drawn to, or kept from.',
    {features: ['podSpecAffinity'], opaque: true},
  ),
  schedulerName: field(STRING, 'The scheduler that finds nodes for the pods.', {
    features: ['podSpecSchedulerName'],
    opaque: true,
  }),
  tolerations: field(list(TOLERATION), 'Taints of nodes that the pods put up with.', {
    features: ['podSpecTolerations'],
    opaque: true,
  }),
  hostAliases: field(list(HOST_ALIAS), 'Lines that are added to /etc/hosts of the pods.', {
    features: ['podSpecHostAliases'],
    opaque: true,
  }),
  priorityClassName: field(STRING, 'The PriorityClass of the pods.', {
    features: ['podSpecPriorityClassName'],
    opaque: true,
  }),
  priority: unlisted(pointer(INT32)),
  dnsConfig: field(pointer(DNS_CONFIG), 'Settings of name resolution on top of the policy.', {
    features: ['podSpecDnsConfig'],
    opaque: true,
  }),
  readinessGates: unlisted(list(OPAQUE)),
  runtimeClassName: field(pointer(STRING), 'The RuntimeClass that runs the pods.', {
    features: ['podSpecRuntimeClassName'],
    opaque: true,
  }),
  enableServiceLinks: field(
    pointer(BOOLEAN),
    'Whether the Services of the namespace appear as environment variables. Knative sets it to false.',
  ),
  preemptionPolicy: unlisted(pointer(text('v1.PreemptionPolicy'))),
  overhead: unlisted(RESOURCE_LIST),
  topologySpreadConstraints: field(
    list(TOPOLOGY_SPREAD_CONSTRAINT),
    'How evenly the pods are spread over zones, nodes and the like.',
    {features: ['podSpecTopologySpreadConstraints'], opaque: true},
  ),
  setHostnameAsFQDN: unlisted(pointer(BOOLEAN)),
  os: unlisted(OPAQUE),
  hostUsers: unlisted(pointer(BOOLEAN)),
  schedulingGates: unlisted(list(OPAQUE)),
  resourceClaims: unlisted(list(OPAQUE)),
})
