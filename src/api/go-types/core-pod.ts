/** PodSpec of k8s.io/api `core/v1`. */
import {
  CONTAINER,
  RESOURCE_LIST,
  SECCOMP_PROFILE,
  SE_LINUX_OPTIONS,
  WINDOWS_OPTIONS,
} from './core-container.ts'
import {LOCAL_OBJECT_REFERENCE, VOLUME} from './core-volumes.ts'
import {
  BOOLEAN,
  INT32,
  INT64,
  OPAQUE,
  STRING,
  always,
  list,
  map,
  pointer,
  struct,
  text,
} from './go-type.ts'

const SYSCTL = struct('v1.Sysctl', {name: always(STRING), value: always(STRING)})

const SECURITY_CONTEXT = struct('v1.PodSecurityContext', {
  seLinuxOptions: pointer(SE_LINUX_OPTIONS),
  windowsOptions: pointer(WINDOWS_OPTIONS),
  runAsUser: pointer(INT64),
  runAsGroup: pointer(INT64),
  runAsNonRoot: pointer(BOOLEAN),
  supplementalGroups: list(INT64),
  fsGroup: pointer(INT64),
  sysctls: list(SYSCTL),
  fsGroupChangePolicy: pointer(text('v1.PodFSGroupChangePolicy')),
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
  volumes: list(VOLUME),
  initContainers: list(CONTAINER),
  containers: always(list(CONTAINER)),
  ephemeralContainers: list(OPAQUE),
  restartPolicy: text('v1.RestartPolicy'),
  terminationGracePeriodSeconds: pointer(INT64),
  activeDeadlineSeconds: pointer(INT64),
  dnsPolicy: text('v1.DNSPolicy'),
  nodeSelector: map(STRING),
  serviceAccountName: STRING,
  serviceAccount: STRING,
  automountServiceAccountToken: pointer(BOOLEAN),
  nodeName: STRING,
  hostNetwork: BOOLEAN,
  hostPID: BOOLEAN,
  hostIPC: BOOLEAN,
  shareProcessNamespace: pointer(BOOLEAN),
  securityContext: pointer(SECURITY_CONTEXT),
  imagePullSecrets: list(LOCAL_OBJECT_REFERENCE),
  hostname: STRING,
  subdomain: STRING,
  affinity: pointer(AFFINITY),
  schedulerName: STRING,
  tolerations: list(TOLERATION),
  hostAliases: list(HOST_ALIAS),
  priorityClassName: STRING,
  priority: pointer(INT32),
  dnsConfig: pointer(DNS_CONFIG),
  readinessGates: list(OPAQUE),
  runtimeClassName: pointer(STRING),
  enableServiceLinks: pointer(BOOLEAN),
  preemptionPolicy: pointer(text('v1.PreemptionPolicy')),
  overhead: RESOURCE_LIST,
  topologySpreadConstraints: list(TOPOLOGY_SPREAD_CONSTRAINT),
  setHostnameAsFQDN: pointer(BOOLEAN),
  os: OPAQUE,
  hostUsers: pointer(BOOLEAN),
  schedulingGates: list(OPAQUE),
  resourceClaims: list(OPAQUE),
})
