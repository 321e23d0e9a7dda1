import {DEPLOYMENTS} from '../../../api/apps/v1.ts'
import {POD_AUTOSCALERS} from '../../../api/autoscaling/v1alpha1.ts'
import {PODS} from '../../../api/core/v1.ts'
import {REVISION_CONDITIONS} from '../../../api/serving/revision-lifecycle.ts'
import {IMAGES, type Revision} from '../../../api/serving/v1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {DigestResolver, type ResolveDigest} from './digest-resolver.ts'
import {PODS_BY_REVISION, revisionsInTrouble, revisionUidOf} from './pod-trouble.ts'
import {RevisionReconciler} from './reconciler.ts'

/** What the revision controller needs beyond the others. */
export interface RevisionControllerDeps extends KnativeControllerDeps {
  /** Without it, tags are used as they are. */
  readonly resolveDigest?: ResolveDigest
}

/** Builds the controller of Revisions. */
export function createRevisionController(deps: RevisionControllerDeps): Controller<Revision> {
  const {client, informers, configs, clock} = deps
  const deployments = informers.of(DEPLOYMENTS)
  const podAutoscalers = informers.of(POD_AUTOSCALERS)
  const pods = informers.of(PODS)
  pods.addIndex(PODS_BY_REVISION, revisionUidOf)
  const digests = new DigestResolver({
    clock,
    resolveDigest: deps.resolveDigest ?? (() => Promise.resolve(undefined)),
    enqueue: (key) => controller.queue.add(key),
  })
  const controller = createKnativeController(deps, {
    component: 'revision-controller',
    reconciler: new RevisionReconciler({
      client,
      configs,
      deployments,
      podAutoscalers,
      images: informers.of(IMAGES),
      pods,
      digests,
    }),
    conditions: REVISION_CONDITIONS,
    resyncOn: ['network', 'observability', 'deployment', 'defaults'],
  })
  controller.watchOwned(deployments)
  controller.watchOwned(podAutoscalers)
  controller.watch(pods, revisionsInTrouble)
  return controller
}
