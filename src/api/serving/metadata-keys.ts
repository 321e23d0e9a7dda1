/** Labels and annotations of `serving.knative.dev`. Counterpart of `pkg/apis/serving/register.go`. */

/** On a Revision: the Configuration that made it. */
export const CONFIGURATION_LABEL = 'serving.knative.dev/configuration'
/** On a Revision: the generation of its Configuration that it is made from. */
export const CONFIGURATION_GENERATION_LABEL = 'serving.knative.dev/configurationGeneration'
export const CONFIGURATION_UID_LABEL = 'serving.knative.dev/configurationUID'
/** On a Configuration, a Route and all below: their Service. */
export const SERVICE_LABEL = 'serving.knative.dev/service'
export const SERVICE_UID_LABEL = 'serving.knative.dev/serviceUID'
/** On what a Revision makes: the Revision. */
export const REVISION_LABEL = 'serving.knative.dev/revision'
export const REVISION_UID_LABEL = 'serving.knative.dev/revisionUID'
/** On what a Route makes: the Route. */
export const ROUTE_LABEL = 'serving.knative.dev/route'
export const ROUTE_NAMESPACE_LABEL = 'serving.knative.dev/routeNamespace'
/** On a KIngress: the DomainMapping it is for. Not its name, which may be longer than a label. */
export const DOMAIN_MAPPING_UID_LABEL = 'serving.knative.dev/domainMappingUID'
export const DOMAIN_MAPPING_NAMESPACE_LABEL = 'serving.knative.dev/domainMappingNamespace'

/** On a Revision: `pending`, `active` or `reserve`. */
export const ROUTING_STATE_LABEL = 'serving.knative.dev/routingState'
/** When the routing state changed last, RFC 3339. */
export const ROUTING_STATE_MODIFIED_ANNOTATION = 'serving.knative.dev/routingStateModified'
/** On a Configuration or Revision: the Routes that send traffic to it, separated by commas. */
export const ROUTES_ANNOTATION = 'serving.knative.dev/routes'
/** Left behind by old versions: when a Route pinned the Revision last. */
export const LAST_PINNED_ANNOTATION = 'serving.knative.dev/lastPinned'
/** `true` keeps a Revision from being collected. */
export const NO_GC_ANNOTATION = 'serving.knative.dev/no-gc'

export const CREATOR_ANNOTATION = 'serving.knative.dev/creator'
export const LAST_MODIFIER_ANNOTATION = 'serving.knative.dev/lastModifier'

/** How long traffic takes to move to a new revision; the spelling that wins first. */
export const ROLLOUT_DURATION_ANNOTATION = [
  'serving.knative.dev/rollout-duration',
  'serving.knative.dev/rolloutDuration',
] as const
/** How long the Deployment of a revision may take to make progress. */
export const PROGRESS_DEADLINE_ANNOTATION = ['serving.knative.dev/progress-deadline'] as const

/** Resources of the queue-proxy, per revision. */
export const QUEUE_SIDECAR_ANNOTATIONS = {
  /** Deprecated upstream: a share of what the user container asks for. */
  resourcePercentage: [
    'queue.sidecar.serving.knative.dev/resource-percentage',
    'queue.sidecar.serving.knative.dev/resourcePercentage',
  ],
  cpuRequest: ['queue.sidecar.serving.knative.dev/cpu-resource-request'],
  cpuLimit: ['queue.sidecar.serving.knative.dev/cpu-resource-limit'],
  memoryRequest: ['queue.sidecar.serving.knative.dev/memory-resource-request'],
  memoryLimit: ['queue.sidecar.serving.knative.dev/memory-resource-limit'],
  ephemeralStorageRequest: ['queue.sidecar.serving.knative.dev/ephemeral-storage-resource-request'],
  ephemeralStorageLimit: ['queue.sidecar.serving.knative.dev/ephemeral-storage-resource-limit'],
} as const

/** Features that a revision turns on by itself. */
export const POD_INFO_FEATURE_ANNOTATION = 'features.knative.dev/queueproxy-podinfo'
export const HTTP_FULL_DUPLEX_FEATURE_ANNOTATION = 'features.knative.dev/http-full-duplex'
