import {DEPLOYMENTS} from '../../../api/apps/v1.ts'
import {POD_AUTOSCALER_CONDITIONS} from '../../../api/autoscaling/pod-autoscaler-lifecycle.ts'
import {METRICS, POD_AUTOSCALERS, type PodAutoscaler} from '../../../api/autoscaling/v1alpha1.ts'
import {ENDPOINTS, type Pod, PODS} from '../../../api/core/v1.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {parseKey} from '../../../api/meta/object.ts'
import {controllerOf} from '../../../api/meta/owner.ts'
import {SERVERLESS_SERVICES} from '../../../api/networking/v1alpha1.ts'
import {REVISION_LABEL} from '../../../api/serving/metadata-keys.ts'
import type {Controller} from '../../../controller/controller.ts'
import type {InformerFactory} from '../../../controller/informer.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {isActivatorInPath} from './activator-path.ts'
import {countPods} from './pod-counts.ts'
import {type Deciders, isServed, PodAutoscalerReconciler, PODS_BY_REVISION} from './reconciler.ts'
import {type ActivatorProbe, Scaler} from './scaler.ts'

/** The autoscaler's deciders, as the controller follows them. */
interface WatchedDeciders extends Deciders {
  /** Calls `changed` with the revision (`namespace/name`) whose decision changed. */
  watch(changed: (revision: string) => void): void
  /** Says that the pods of a revision changed. */
  wake(revision: string): void
}

/** What the controller of PodAutoscalers is given. */
export interface PodAutoscalerControllerDeps extends KnativeControllerDeps {
  readonly deciders: WatchedDeciders
  /** Defaults to a look at the public Endpoints. */
  readonly activatorProbe?: ActivatorProbe
}

/** Builds the controller of PodAutoscalers. The name of a PodAutoscaler is that of its revision. */
export function createPodAutoscalerController(
  deps: PodAutoscalerControllerDeps,
): Controller<PodAutoscaler> {
  const {informers, deciders} = deps
  const podAutoscalers = informers.of(POD_AUTOSCALERS)
  const serverlessServices = informers.of(SERVERLESS_SERVICES)
  const metrics = informers.of(METRICS)
  const endpoints = informers.of(ENDPOINTS)
  const pods = informers.of(PODS)
  pods.addIndex(PODS_BY_REVISION, revisionsOf)

  const controller = createKnativeController(deps, {
    component: 'podautoscaler-controller',
    conditions: POD_AUTOSCALER_CONDITIONS,
    resyncOn: ['autoscaler', 'deployment', 'network'],
    where: isServed,
    reconciler: new PodAutoscalerReconciler({
      ...deps,
      serverlessServices,
      metrics,
      pods,
      scaler: new Scaler({
        client: deps.client,
        deployments: informers.of(DEPLOYMENTS),
        activatorProbe: deps.activatorProbe ?? ((pa) => isActivatorInPath(endpoints, pa)),
      }),
    }),
  })

  const served = (keys: readonly string[]): string[] =>
    keys.filter((key) => {
      const {namespace, name} = parseKey(key)
      return isServed(podAutoscalers.get(namespace, name))
    })
  controller.watch(serverlessServices, (sks) => served(ownersOf(sks)))
  controller.watch(metrics, (metric) => served(ownersOf(metric)))
  controller.watch(pods, (pod) => {
    const revisions = served(revisionsOf(pod))
    for (const revision of revisions) deciders.wake(revision)
    return revisions
  })
  deciders.watch((revision) => controller.queue.add(revision))
  return controller
}

/**
 * Counts the ready pods of a revision (`namespace/name`): what the autoscaler is to be given as
 * `readyPods`.
 */
export function readyPodCounter(informers: InformerFactory): (revision: string) => number {
  const pods = informers.of(PODS)
  pods.addIndex(PODS_BY_REVISION, revisionsOf)
  return (revision) => countPods(pods.byIndex(PODS_BY_REVISION, revision)).ready
}

function revisionsOf(pod: Pod): string[] {
  const revision = pod.metadata.labels?.[REVISION_LABEL]
  return revision === undefined ? [] : [`${pod.metadata.namespace ?? ''}/${revision}`]
}

function ownersOf(object: KubeObject): string[] {
  const owner = controllerOf(object)
  return owner?.kind === 'PodAutoscaler' ? [`${object.metadata.namespace ?? ''}/${owner.name}`] : []
}
