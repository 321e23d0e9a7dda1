import type {Container} from '../../../api/core/v1.ts'

/**
 * Changes to a Service, in kn's notation: a pair is `name=value`, and `name-` takes it away.
 *
 * What is not given stays as it is. The effects happen in the order of `EDITS` (apply-edits.ts),
 * whatever the order here.
 */
export interface ServiceEdits {
  // The container
  readonly image?: string
  /** Variables in the order in which they were given, whatever they come from. */
  readonly environment?: readonly EnvironmentEdit[]
  /** `cm:NAME`, `secret:NAME`, each with `-` to take it away. */
  readonly envFrom?: readonly string[]
  readonly pullPolicy?: string
  /** `cpu=1`, `memory-`. */
  readonly requests?: readonly string[]
  readonly limits?: readonly string[]
  /** Replaces the entry point. */
  readonly command?: readonly string[]
  /** Replaces the arguments. */
  readonly args?: readonly string[]
  /** `8080` or `h2c:8080`. */
  readonly port?: string
  readonly user?: number
  /** `none` or `strict`. */
  readonly securityContext?: string
  /** `http:host:port:path`, `https:…`, `tcp:host:port`, `exec:command,argument`, `grpc:port:service`. */
  readonly livenessProbe?: string
  /** `PeriodSeconds=7,TimeoutSeconds=1`. */
  readonly livenessProbeOptions?: string
  readonly readinessProbe?: string
  readonly readinessProbeOptions?: string
  readonly startupProbe?: string
  readonly startupProbeOptions?: string

  // The pod
  /** More containers, put in the place of those with the same names. */
  readonly containers?: readonly Container[]
  /** Containers that run before, put in the place of those with the same names. */
  readonly initContainers?: readonly Container[]
  /** `/dir=cm:NAME`, `/dir=secret:NAME`, `/dir=ed:NAME`, `/dir=pvc:NAME`, `/dir=VOLUME/sub`, `/dir-`. */
  readonly mounts?: readonly string[]
  /** `name=cm:NAME`, `name=ed:NAME:type=Memory,size=1Gi`, `name-`. */
  readonly volumes?: readonly string[]
  /** Empty: none. */
  readonly serviceAccount?: string
  /** Empty: none. */
  readonly pullSecret?: string
  readonly nodeSelector?: readonly string[]
  /** Each `Key=…,Operator=…,Value=…,Effect=…`. */
  readonly tolerations?: readonly string[]
  /** Each `Type=Required,Key=…,Operator=…,Values="a b",Weight=…`. */
  readonly nodeAffinity?: readonly string[]

  // Scale and time
  /** `5`, `1..5`, `1..`, `..5`. */
  readonly scale?: string
  readonly scaleMin?: number
  readonly scaleMax?: number
  readonly scaleInit?: number
  readonly scaleActivation?: number
  readonly scaleMetric?: string
  readonly scaleTarget?: number
  readonly scaleUtilization?: number
  /** A Go duration: `30s`. */
  readonly scaleWindow?: string
  /** A Go duration of whole seconds. */
  readonly scaleDownDelay?: string
  /** A Go duration: how long the last pod stays. */
  readonly scalePodRetention?: string
  /** `linear` or `weighted-exponential`. */
  readonly scaleAggregation?: string
  /** Requests at once that pods have room for in reserve; -1: no limit. */
  readonly scaleBurstCapacity?: number
  /** Percent of the window. */
  readonly scalePanicWindow?: number
  /** Percent of the target. */
  readonly scalePanicThreshold?: number
  readonly concurrencyLimit?: number
  readonly timeoutSeconds?: number
  readonly responseStartTimeoutSeconds?: number
  readonly idleTimeoutSeconds?: number
  /** A Go duration of whole seconds, on the Service. */
  readonly rolloutDuration?: string

  // Metadata
  /** On the Service and its revisions. */
  readonly labels?: readonly string[]
  readonly serviceLabels?: readonly string[]
  readonly revisionLabels?: readonly string[]
  readonly annotations?: readonly string[]
  readonly serviceAnnotations?: readonly string[]
  readonly revisionAnnotations?: readonly string[]
  readonly clusterLocal?: boolean
  readonly profile?: ProfileEdit
  /** A name, or a template with `{{.Service}}`, `{{.Generation}}`, `{{.Random 5}}`. */
  readonly revisionName?: string
  /** Whether revisions made without a new image keep the image's digest. Default: yes. */
  readonly lockToDigest?: boolean
}

/** A variable, a reference to one, or the lines of a file of variables, which `file` names. */
export type EnvironmentEdit =
  | {readonly kind: 'value'; readonly text: string}
  | {readonly kind: 'reference'; readonly text: string}
  | {readonly kind: 'file'; readonly file?: string; readonly lines: readonly string[]}

/** Annotations and labels known by one name, put on or taken away together. */
export interface ProfileEdit {
  readonly remove: boolean
  readonly annotations: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

/** How each edit is called by those who give it, for messages. */
export const EDIT_NAMES = {
  image: '--image',
  environment: '--env',
  envFrom: '--env-from',
  pullPolicy: '--pull-policy',
  requests: '--request',
  limits: '--limit',
  command: '--cmd',
  args: '--arg',
  port: '--port',
  user: '--user',
  securityContext: '--security-context',
  livenessProbe: '--probe-liveness',
  livenessProbeOptions: '--probe-liveness-opts',
  readinessProbe: '--probe-readiness',
  readinessProbeOptions: '--probe-readiness-opts',
  startupProbe: '--probe-startup',
  startupProbeOptions: '--probe-startup-opts',
  containers: '--containers',
  initContainers: '--init-containers',
  mounts: '--mount',
  volumes: '--volume',
  serviceAccount: '--service-account',
  pullSecret: '--pull-secret',
  nodeSelector: '--node-selector',
  tolerations: '--toleration',
  nodeAffinity: '--node-affinity',
  scale: '--scale',
  scaleMin: '--scale-min',
  scaleMax: '--scale-max',
  scaleInit: '--scale-init',
  scaleActivation: '--scale-activation',
  scaleMetric: '--scale-metric',
  scaleTarget: '--scale-target',
  scaleUtilization: '--scale-utilization',
  scaleWindow: '--scale-window',
  scaleDownDelay: '--scale-down-delay',
  scalePodRetention: '--scale-pod-retention',
  scaleAggregation: '--scale-aggregation',
  scaleBurstCapacity: '--scale-burst-capacity',
  scalePanicWindow: '--scale-panic-window',
  scalePanicThreshold: '--scale-panic-threshold',
  concurrencyLimit: '--concurrency-limit',
  timeoutSeconds: '--timeout',
  responseStartTimeoutSeconds: '--timeout-response-start',
  idleTimeoutSeconds: '--timeout-idle',
  rolloutDuration: '--rollout-duration',
  labels: '--label',
  serviceLabels: '--label-service',
  revisionLabels: '--label-revision',
  annotations: '--annotation',
  serviceAnnotations: '--annotation-service',
  revisionAnnotations: '--annotation-revision',
  clusterLocal: '--cluster-local',
  profile: '--profile',
  revisionName: '--revision-name',
  lockToDigest: '--lock-to-digest',
} as const satisfies Record<keyof ServiceEdits, `--${string}`>

/** Edits that do not change the template, so that they make no revision. */
const KEEPS_REVISION: ReadonlySet<keyof ServiceEdits> = new Set([
  'pullPolicy',
  'clusterLocal',
  'lockToDigest',
  'rolloutDuration',
] as const)

/** Whether the edits make a new revision, by kn's count. */
export function makesRevision(edits: ServiceEdits): boolean {
  return (Object.keys(edits) as (keyof ServiceEdits)[]).some(
    (name) => edits[name] !== undefined && !KEEPS_REVISION.has(name),
  )
}
