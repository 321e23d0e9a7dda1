/** Where the recordings and an embedded cluster differ, and why that is right. */
import type {Tolerance} from '../../support/golden-compare.ts'
import type {AllowedStep} from '../../support/golden-states.ts'

/** Holds for every recording of the namespace `default`. */
export const KUBERNETES_SERVICE: readonly Tolerance[] = [
  {
    kinds: ['endpoints', 'endpointslice'],
    name: /^kubernetes$/,
    path: /^$/,
    reason: 'the API listens on the loopback address, which no Endpoints may hold',
  },
  {
    kinds: ['service'],
    name: /^kubernetes$/,
    path: /^\.spec\.ports\[0\]\.targetPort$/,
    reason: 'the port of the recorded API server',
  },
]

/**
 * A stand-in played the recorded pods. Of those that fail it wrote the states a kubelet reaches
 * sooner or later, all at once and for both containers alike.
 */
export const STAND_IN_KUBELET: readonly Tolerance[] = [
  {
    kinds: ['pod'],
    path: /^\.status\.containerStatuses\[\d\]\.(containerID|started|ready|restartCount)$/,
    reason: 'a kubelet counts restarts, and tells a container that runs from one that is ready',
  },
  {
    kinds: ['pod'],
    path: /^\.status\.containerStatuses\[0\]\.state\.waiting\.message$/,
    reason: 'the back-off grows with every crash',
  },
  {
    kinds: ['pod'],
    path: /^\.status\.conditions\[(Ready|ContainersReady)\]\.message$/,
    reason: 'the container that is not ready is the queue-proxy, which has the probe',
  },
]

/** The stand-in kubelet only says that it backs off; a kubelet of today, and ours, also say why. */
export const PULL_REASON: readonly Tolerance[] = [
  {
    kinds: ['ksvc', 'configuration', 'revision'],
    path: /^\.status\.conditions\[(ConfigurationsReady|Ready|ResourcesAvailable)\]\.message$/,
    reason: 'the reason of the failed pull follows the words of the recording',
  },
]

/** What was printed belongs to another moment than the objects that were recorded beside it. */
export const PRINTED_LATER: readonly Tolerance[] = [
  {
    kinds: ['table'],
    name: /^endpoints$/,
    path: /^$/,
    reason: 'the pod was gone when the table was printed, and there when the Endpoints were read',
  },
]

/** Two reconcilers of the recorded controller met; its other recordings show what we do. */
export const RECORDED_RACES: readonly Tolerance[] = [
  {
    kinds: ['revision'],
    path: /^\.status\.conditions\[(ContainerHealthy|Ready)\]\.reason$/,
    reason: 'a status computed from an old cache overwrote the reason Deploying',
  },
  {
    kinds: ['table'],
    name: /^revision$/,
    path: /^$/,
    reason: 'the same, as it was printed',
  },
  {
    kinds: ['revision'],
    path: /^\.status\.conditions\[ResourcesAvailable\]\.(status|reason)$/,
    reason: 'recorded between two reconciles, before the second had seen the Deployment progress',
  },
]

/** Steps that lie between two recorded states: there, the next reconcile came too late to see them. */
export const OWN_STEPS: readonly AllowedStep[] = [
  {
    step: /Revision bad-00001: from ".*ResourcesAvailable=True" to ".*ExitCode1 ResourcesAvailable=True"/,
    reason: 'the Deployment is seen to progress before the container has ended',
  },
  {
    step: /Revision bad-00001: ends as ".*ContainerHealthy=Unknown\/Deploying Ready=Unknown\/Deploying/,
    reason: 'a status computed from an old cache overwrote the recorded reasons',
  },
  {
    step: /Deployment bad-.*NewReplicaSetCreated" to ".*ReplicaFailure=True\/FailedCreate"/,
    reason: 'the Deployment is unavailable before the first pod is refused',
  },
  {
    step: /Revision bad-00001: from "Active=Unknown\/Queued .*ResourcesAvailable=Unknown\/Deploying" to "Active=Unknown\/Queued .*FailedCreate/,
    reason: 'the PodAutoscaler has said Queued before the first pod is refused, not after',
  },
  {
    step: /Service gone: from .*TrafficNotMigrated/,
    reason: 'the new Configuration is there before the Route misses the old one',
  },
  {
    step: /Revision as-00001: from "Active=Unknown\/Queued .*" to "Active=Unknown\/NotReady/,
    reason: 'the recorded PodAutoscaler took this step too, faster than its Revision looked',
  },
]
