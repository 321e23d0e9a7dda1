/**
 * The order in which Go prints the fields of an object: that of its structs, where kubectl and kn
 * print one object as JSON. Maps, and fields no list here has, come in alphabetical order.
 */

/** The fields of a struct in order, with the struct of those that are objects or lists of them. */
type Struct = readonly (string | readonly [name: string, struct: () => Struct])[]

const OBJECT_META: Struct = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  [
    'ownerReferences',
    () => ['apiVersion', 'kind', 'name', 'uid', 'controller', 'blockOwnerDeletion'],
  ],
  'finalizers',
  'managedFields',
]
const HANDLERS: Struct = [
  'exec',
  ['httpGet', () => ['path', 'port', 'host', 'scheme', ['httpHeaders', () => ['name', 'value']]]],
  ['tcpSocket', () => ['port', 'host']],
  ['grpc', () => ['port', 'service']],
]
const PROBE: Struct = [
  ...HANDLERS,
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
  'terminationGracePeriodSeconds',
]
const NAMED_KEY: Struct = ['name', 'key', 'optional']
const CONTAINER: Struct = [
  'name',
  'image',
  'command',
  'args',
  'workingDir',
  ['ports', () => ['name', 'hostPort', 'containerPort', 'protocol', 'hostIP']],
  [
    'envFrom',
    () => [
      'prefix',
      ['configMapRef', () => ['name', 'optional']],
      ['secretRef', () => ['name', 'optional']],
    ],
  ],
  [
    'env',
    () => [
      'name',
      'value',
      [
        'valueFrom',
        () => [
          ['fieldRef', () => ['apiVersion', 'fieldPath']],
          ['resourceFieldRef', () => ['containerName', 'resource', 'divisor']],
          ['configMapKeyRef', () => NAMED_KEY],
          ['secretKeyRef', () => NAMED_KEY],
        ],
      ],
    ],
  ],
  ['resources', () => ['limits', 'requests', 'claims']],
  'resizePolicy',
  [
    'volumeMounts',
    () => ['name', 'readOnly', 'mountPath', 'subPath', 'mountPropagation', 'subPathExpr'],
  ],
  'volumeDevices',
  ['livenessProbe', () => PROBE],
  ['readinessProbe', () => PROBE],
  ['startupProbe', () => PROBE],
  [
    'lifecycle',
    () => [
      ['postStart', () => HANDLERS],
      ['preStop', () => HANDLERS],
    ],
  ],
  'terminationMessagePath',
  'terminationMessagePolicy',
  'imagePullPolicy',
  [
    'securityContext',
    () => [
      ['capabilities', () => ['add', 'drop']],
      'privileged',
      'seLinuxOptions',
      'windowsOptions',
      'runAsUser',
      'runAsGroup',
      'runAsNonRoot',
      'readOnlyRootFilesystem',
      'allowPrivilegeEscalation',
      'procMount',
      ['seccompProfile', () => ['type', 'localhostProfile']],
    ],
  ],
  'stdin',
  'stdinOnce',
  'tty',
]
const VOLUME: Struct = [
  'name',
  ['emptyDir', () => ['medium', 'sizeLimit']],
  [
    'secret',
    () => ['secretName', ['items', () => ['key', 'path', 'mode']], 'defaultMode', 'optional'],
  ],
  ['persistentVolumeClaim', () => ['claimName', 'readOnly']],
  [
    'configMap',
    () => ['name', ['items', () => ['key', 'path', 'mode']], 'defaultMode', 'optional'],
  ],
  'projected',
]
const REVISION_SPEC: Struct = [
  ['volumes', () => VOLUME],
  ['initContainers', () => CONTAINER],
  ['containers', () => CONTAINER],
  'restartPolicy',
  'terminationGracePeriodSeconds',
  'activeDeadlineSeconds',
  'dnsPolicy',
  'nodeSelector',
  'serviceAccountName',
  'serviceAccount',
  'automountServiceAccountToken',
  'nodeName',
  'securityContext',
  ['imagePullSecrets', () => ['name']],
  'hostname',
  'affinity',
  'schedulerName',
  ['tolerations', () => ['key', 'operator', 'value', 'effect', 'tolerationSeconds']],
  'hostAliases',
  'priorityClassName',
  'priority',
  'dnsConfig',
  'runtimeClassName',
  'enableServiceLinks',
  'topologySpreadConstraints',
  'containerConcurrency',
  'timeoutSeconds',
  'responseStartTimeoutSeconds',
  'idleTimeoutSeconds',
]
const TRAFFIC: Struct = [
  'tag',
  'revisionName',
  'configurationName',
  'latestRevision',
  'percent',
  'url',
]
const STATUS: Struct = [
  'observedGeneration',
  ['conditions', () => ['type', 'status', 'severity', 'lastTransitionTime', 'reason', 'message']],
  'annotations',
  'latestReadyRevisionName',
  'latestCreatedRevisionName',
  'url',
  ['address', () => ['name', 'url', 'CACerts']],
  ['traffic', () => TRAFFIC],
  'logUrl',
  ['containerStatuses', () => ['name', 'imageDigest']],
  ['initContainerStatuses', () => ['name', 'imageDigest']],
  'actualReplicas',
  'desiredReplicas',
]
const SPEC: Struct = [
  [
    'template',
    () => [
      ['metadata', () => OBJECT_META],
      ['spec', () => REVISION_SPEC],
    ],
  ],
  ...REVISION_SPEC,
  ['traffic', () => TRAFFIC],
  ['ref', () => ['kind', 'namespace', 'name', 'apiVersion', 'group', 'address']],
  ['tls', () => ['secretName']],
]

/** Serving's kinds, and lists and exports of them. */
const SERVING_OBJECT: Struct = [
  'kind',
  'apiVersion',
  ['metadata', () => OBJECT_META],
  ['spec', () => [['service', () => SERVING_OBJECT], ['revisions', () => SERVING_OBJECT], ...SPEC]],
  ['items', () => SERVING_OBJECT],
  ['status', () => STATUS],
]

/** A copy of an object of Serving with its fields in Go's order. */
export function inFieldOrder(object: object): unknown {
  return reorder(object, SERVING_OBJECT)
}

/** A copy with all fields in alphabetical order: how lists are printed. */
export function inAlphabeticalOrder(value: unknown): unknown {
  return reorder(value, [])
}

function reorder(value: unknown, struct: Struct): unknown {
  if (Array.isArray(value)) return value.map((item) => reorder(item, struct))
  if (typeof value !== 'object' || value === null) return value
  const rank = new Map(struct.map((entry, index) => [nameOf(entry), index]))
  const structOf = new Map(struct.flatMap((entry) => (typeof entry === 'string' ? [] : [entry])))
  const fields = Object.entries(value).toSorted(([left], [right]) => {
    const byRank = (rank.get(left) ?? Infinity) - (rank.get(right) ?? Infinity)
    return Number.isNaN(byRank) || byRank === 0 ? (left < right ? -1 : 1) : byRank
  })
  return Object.fromEntries(
    fields.map(([name, item]) => [name, reorder(item, structOf.get(name)?.() ?? [])]),
  )
}

function nameOf(entry: Struct[number]): string {
  return typeof entry === 'string' ? entry : entry[0]
}
