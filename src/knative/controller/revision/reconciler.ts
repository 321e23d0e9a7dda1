import {messageOf} from '../../../util/message-of.ts'
import {type Deployment, DEPLOYMENTS} from '../../../api/apps/v1.ts'
import {POD_AUTOSCALERS, type PodAutoscaler} from '../../../api/autoscaling/v1alpha1.ts'
import type {ConfigStore} from '../../../api/config/config-store.ts'
import type {Pod} from '../../../api/core/v1.ts'
import {keyOf} from '../../../api/meta/object.ts'
import {isControlledBy} from '../../../api/meta/owner.ts'
import {isReady, statusOf} from '../../../api/reconcile-status.ts'
import {RevisionLifecycle} from '../../../api/serving/revision-lifecycle.ts'
import {type Image, IMAGES, type Revision, REVISIONS} from '../../../api/serving/v1.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {createChild} from '../children.ts'
import {deploymentDrifted} from './deployment-drift.ts'
import {makeDeployment} from './deployment.ts'
import type {DigestResolver} from './digest-resolver.ts'
import {makeImage} from './image.ts'
import {deploymentName, imageName, podAutoscalerName} from './names.ts'
import {makePodAutoscaler} from './pod-autoscaler.ts'
import {diagnosePods, PODS_BY_REVISION} from './pod-trouble.ts'

/** What the reconciler works with. */
export interface RevisionReconcilerOptions {
  readonly client: Client
  readonly configs: ConfigStore
  readonly deployments: Lister<Deployment>
  readonly podAutoscalers: Lister<PodAutoscaler>
  readonly images: Lister<Image>
  /** Indexed by {@link PODS_BY_REVISION}. */
  readonly pods: Lister<Pod>
  readonly digests: DigestResolver
}

/**
 * Reconciles Revision: looks up the digests of its images, then keeps a Deployment, an Image per
 * container and a PodAutoscaler, and says how they are.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/revision`.
 */
export class RevisionReconciler implements KindReconciler<Revision> {
  readonly type = REVISIONS
  readonly #options: RevisionReconcilerOptions

  constructor(options: RevisionReconcilerOptions) {
    this.#options = options
  }

  async reconcileKind(draft: Revision, context: ReconcileContext): Promise<ReconcileResult> {
    const wasReady = isReady(draft)
    const conditions = new RevisionLifecycle(draft, context.clock.now())
    this.#updateLogUrl(draft)
    if (!this.#resolveDigests(draft, conditions)) {
      conditions.markResolvingDigests()
      return undefined // The resolver enqueues us when it knows.
    }
    const deployment = await this.#reconcileDeployment(draft, conditions)
    await this.#reconcileImages(draft)
    await this.#reconcilePodAutoscaler(draft, deployment, conditions)
    if (!wasReady && conditions.ready) {
      const message = 'Revision becomes ready upon all resources being ready'
      context.events.normal(draft, 'RevisionReady', message)
    }
    return undefined
  }

  observeDeleted(key: string): void {
    this.#options.digests.clear(key)
  }

  #updateLogUrl(draft: Revision): void {
    const template = this.#options.configs.snapshot().observability.loggingUrlTemplate
    const status = statusOf(draft)
    if (template === '') delete status.logUrl
    else status.logUrl = template.replaceAll('${REVISION_UID}', draft.metadata.uid ?? '')
  }

  #resolveDigests(draft: Revision, conditions: RevisionLifecycle): boolean {
    const status = statusOf(draft)
    const {containers, initContainers = []} = draft.spec
    const known =
      (status.containerStatuses ?? []).length + (status.initContainerStatuses ?? []).length
    if (known === containers.length + initContainers.length) {
      this.#options.digests.clear(keyOf(draft))
      return true
    }
    const {deployment} = this.#options.configs.snapshot()
    try {
      const resolved = this.#options.digests.resolve(draft, {
        registriesToSkip: deployment.registriesSkippingTagResolving,
        timeoutMs: deployment.digestResolutionTimeoutMs,
      })
      if (resolved === undefined) return false
      status.containerStatuses = resolved.containerStatuses
      if (initContainers.length > 0) status.initContainerStatuses = resolved.initContainerStatuses
      return true
    } catch (error) {
      conditions.markContainerMissing(messageOf(error))
      throw error
    }
  }

  async #reconcileDeployment(draft: Revision, conditions: RevisionLifecycle): Promise<Deployment> {
    const {client, deployments, pods, configs} = this.#options
    const name = deploymentName(draft)
    const wanted = makeDeployment(draft, configs.snapshot())
    const cached = deployments.get(draft.metadata.namespace, name)
    if (cached === undefined) {
      conditions.markDeploying()
      const create = createChild(client, DEPLOYMENTS, wanted)
      return (await saying(`failed to create deployment "${name}"`, create)).object
    }
    if (!isControlledBy(cached, draft)) {
      conditions.markNotOwned('Deployment', name)
      throw new Error(`revision: "${draft.metadata.name}" does not own Deployment: "${name}"`)
    }
    const update = this.#updateDeployment(cached, wanted)
    const deployment = await saying(`failed to update deployment "${name}"`, update)
    conditions.propagateDeploymentStatus(deployment.status)
    if ((deployment.spec.replicas ?? 0) > 0 && (deployment.status?.availableReplicas ?? 0) === 0) {
      const own = pods.byIndex(PODS_BY_REVISION, draft.metadata.uid ?? '')
      diagnosePods(conditions, own, draft, deployment)
    }
    return deployment
  }

  async #updateDeployment(have: Deployment, wanted: Deployment): Promise<Deployment> {
    // The scale is the autoscaler's, and the selector cannot change.
    const {replicas, selector} = have.spec
    const spec = {...wanted.spec, selector, ...(replicas !== undefined && {replicas})}
    if (!deploymentDrifted(spec, have.spec)) return have
    const labels = {...wanted.metadata.labels, ...have.metadata.labels}
    return this.#options.client.update(DEPLOYMENTS, {
      ...have,
      metadata: {...have.metadata, labels},
      spec,
    })
  }

  async #reconcileImages(draft: Revision): Promise<void> {
    const {client, images} = this.#options
    const {containerStatuses = [], initContainerStatuses = []} = statusOf(draft)
    for (const {name = '', imageDigest = ''} of [...containerStatuses, ...initContainerStatuses]) {
      const image = imageName(draft, name)
      if (images.get(draft.metadata.namespace, image) !== undefined) continue
      const create = createChild(client, IMAGES, makeImage(draft, name, imageDigest))
      await saying(`failed to create image cache "${image}"`, create)
    }
  }

  async #reconcilePodAutoscaler(
    draft: Revision,
    deployment: Deployment,
    conditions: RevisionLifecycle,
  ): Promise<void> {
    const {client, podAutoscalers} = this.#options
    const name = podAutoscalerName(draft)
    const wanted = makePodAutoscaler(draft, deployment)
    let autoscaler =
      podAutoscalers.get(draft.metadata.namespace, name) ??
      (await saying(`failed to create PA "${name}"`, createChild(client, POD_AUTOSCALERS, wanted)))
        .object
    if (!isControlledBy(autoscaler, draft)) {
      conditions.markNotOwned('PodAutoscaler', name)
      throw new Error(`revision: "${draft.metadata.name}" does not own PodAutoscaler: "${name}"`)
    }
    if (!semanticEqual(autoscaler.spec, wanted.spec)) {
      const update = client.update(POD_AUTOSCALERS, {...autoscaler, spec: wanted.spec})
      autoscaler = await saying(`failed to update PA "${name}"`, update)
    }
    conditions.propagateAutoscalerStatus(autoscaler.status)
  }
}

/** What `done` gives. Its failure names what failed, in upstream's words. */
async function saying<T>(failure: string, done: Promise<T>): Promise<T> {
  try {
    return await done
  } catch (error) {
    throw new Error(`${failure}: ${messageOf(error)}`, {cause: error})
  }
}
