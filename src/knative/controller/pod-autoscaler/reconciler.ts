import {
  CLASS_ANNOTATION,
  findAnnotation,
  HPA_CLASS,
  KPA_CLASS,
} from '../../../api/autoscaling/annotations.ts'
import {
  type DeciderSpec,
  makeDeciderSpec,
  resolveTargetBurstCapacity,
} from '../../../api/autoscaling/decider.ts'
import {
  CLASS_NOT_SUPPORTED,
  PodAutoscalerLifecycle,
} from '../../../api/autoscaling/pod-autoscaler-lifecycle.ts'
import {
  METRICS,
  type Metric,
  POD_AUTOSCALERS,
  type PodAutoscaler,
} from '../../../api/autoscaling/v1alpha1.ts'
import {getCondition} from '../../../api/condition-set.ts'
import type {ConfigStore} from '../../../api/config/config-store.ts'
import type {Pod} from '../../../api/core/v1.ts'
import {isControlledBy} from '../../../api/meta/owner.ts'
import {SERVERLESS_SERVICES, type ServerlessService} from '../../../api/networking/v1alpha1.ts'
import {isReady} from '../../../api/reconcile-status.ts'
import {REVISION_LABEL} from '../../../api/serving/metadata-keys.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {chooseMode, computeStatus, type DeciderView} from './activity.ts'
import {countPods} from './pod-counts.ts'
import {countActivators, makeMetric, makeServerlessService} from './resources.ts'
import {SCALE_UNKNOWN} from './scale.ts'
import type {Scaler} from './scaler.ts'

/** The index of pods by `namespace/revision`. */
export const PODS_BY_REVISION = 'revision'

/** The autoscaler's deciders, by revision (`namespace/name`). */
export interface Deciders {
  get(revision: string): DeciderView | undefined
  create(revision: string, spec: DeciderSpec): DeciderView
  update(revision: string, spec: DeciderSpec): DeciderView
  delete(revision: string): void
}

/** What the reconciler of PodAutoscalers works with. */
export interface PodAutoscalerReconcilerOptions {
  readonly client: Client
  readonly configs: Pick<ConfigStore, 'snapshot'>
  readonly deciders: Deciders
  readonly scaler: Scaler
  readonly serverlessServices: Lister<ServerlessService>
  readonly metrics: Lister<Metric>
  /** With the index {@link PODS_BY_REVISION}. */
  readonly pods: Lister<Pod>
}

/**
 * Reconciles PodAutoscalers of Knative's own class: tells the autoscaler what to decide upon, sets
 * the scale it decides, and moves the activator into the path and out of it.
 *
 * Differs from upstream: the hpa class gets a condition that says it is not served here, where
 * upstream leaves the PodAutoscaler without a word.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/autoscaling/kpa`.
 */
export class PodAutoscalerReconciler implements KindReconciler<PodAutoscaler> {
  readonly type = POD_AUTOSCALERS
  readonly #options: PodAutoscalerReconcilerOptions

  constructor(options: PodAutoscalerReconcilerOptions) {
    this.#options = options
  }

  observeDeleted(key: string): void {
    this.#options.deciders.delete(key)
  }

  async reconcileKind(draft: PodAutoscaler, context: ReconcileContext): Promise<ReconcileResult> {
    const nowMs = context.clock.now()
    const lifecycle = new PodAutoscalerLifecycle(draft, nowMs)
    // Both are required by the kind: upstream's Go writes them as empty until they are known.
    const status = (draft.status ??= {})
    status.serviceName ??= ''
    status.metricsServiceName ??= ''
    if (classOf(draft) === HPA_CLASS) {
      refuseHpa(lifecycle)
      return undefined
    }
    const configs = this.#options.configs.snapshot()
    const config = configs.autoscaler
    const {namespace, name} = draft.metadata
    const found = this.#options.serverlessServices.get(namespace, name)
    const privateService = found?.status?.privateServiceName ?? ''
    if (found === undefined || privateService === '') {
      // Everything else needs the private Service; it comes with the ServerlessService.
      await this.#reconcileServerlessService(
        draft,
        lifecycle,
        makeServerlessService(draft, 'Proxy'),
      )
      lifecycle.markSksNotReady('No Private Service Name')
      computeStatus(draft, lifecycle, {want: SCALE_UNKNOWN, ready: 0}, config)
      return undefined
    }

    status.metricsServiceName = privateService
    const decider = this.#reconcileDecider(context.key, makeDeciderSpec(draft, config))
    // With the activator always in the path, it sees every request: the pods need not be read.
    const scrapeTarget = resolveTargetBurstCapacity(draft, config) === -1 ? '' : privateService
    await this.#reconcileMetric(draft, lifecycle, makeMetric(draft, scrapeTarget, config))

    const step = await this.#options.scaler.scale(draft, found, decider.status.desiredScale, {
      configs,
      nowMs,
    })
    const ready = this.#countReady(draft)
    const mode = chooseMode(
      step.scale,
      lifecycle.activity === 'inactive',
      decider.status.excessBurstCapacity,
      configs.network.systemInternalTls,
    )
    const activators = countActivators(ready, decider.spec)
    const wanted = makeServerlessService(draft, mode, activators)
    const sks = await this.#reconcileServerlessService(draft, lifecycle, wanted)
    status.serviceName = sks.status?.serviceName ?? ''
    if (isReady(sks)) lifecycle.markSksReady()
    else lifecycle.markSksNotReady(getCondition(sks.status, 'Ready')?.message ?? '')
    computeStatus(draft, lifecycle, {want: step.scale, ready}, config)
    return step.againAfterMs === undefined ? undefined : {requeueAfterMs: step.againAfterMs}
  }

  #countReady(pa: PodAutoscaler): number {
    const revision = pa.metadata.labels?.[REVISION_LABEL] ?? ''
    const key = `${pa.metadata.namespace ?? ''}/${revision}`
    return countPods(this.#options.pods.byIndex(PODS_BY_REVISION, key)).ready
  }

  #reconcileDecider(revision: string, spec: DeciderSpec): DeciderView {
    const {deciders} = this.#options
    const existing = deciders.get(revision)
    if (existing === undefined) return deciders.create(revision, spec)
    return semanticEqual(existing.spec, spec) ? existing : deciders.update(revision, spec)
  }

  async #reconcileServerlessService(
    pa: PodAutoscaler,
    lifecycle: PodAutoscalerLifecycle,
    desired: ServerlessService,
  ): Promise<ServerlessService> {
    const {client, serverlessServices} = this.#options
    const {namespace, name} = desired.metadata
    const existing = serverlessServices.get(namespace, name)
    if (existing === undefined) return client.create(SERVERLESS_SERVICES, desired)
    if (!isControlledBy(existing, pa)) {
      lifecycle.markResourceNotOwned('ServerlessService', name)
      throw new Error(`PA: ${name} does not own SKS: ${name}`)
    }
    if (semanticEqual(existing.spec, desired.spec)) return existing
    return client.update(SERVERLESS_SERVICES, {...existing, spec: desired.spec})
  }

  async #reconcileMetric(
    pa: PodAutoscaler,
    lifecycle: PodAutoscalerLifecycle,
    desired: Metric,
  ): Promise<void> {
    const {client, metrics} = this.#options
    const {namespace, name} = desired.metadata
    const existing = metrics.get(namespace, name)
    if (existing === undefined) {
      await client.create(METRICS, desired)
    } else if (!isControlledBy(existing, pa)) {
      lifecycle.markResourceNotOwned('Metric', name)
      throw new Error(`PA: ${name} does not own Metric: ${name}`)
    } else if (!semanticEqual(existing.spec, desired.spec)) {
      await client.update(METRICS, {...existing, spec: desired.spec})
    }
  }
}

/** Whether somebody here answers for a PodAutoscaler: foreign classes belong to foreign controllers. */
export function isServed(pa: PodAutoscaler | undefined): pa is PodAutoscaler {
  const autoscalerClass = pa && classOf(pa)
  return autoscalerClass === KPA_CLASS || autoscalerClass === HPA_CLASS
}

/** One without a class is nobody's: the webhook gives each one. */
function classOf(pa: PodAutoscaler): string | undefined {
  return findAnnotation(pa.metadata.annotations, CLASS_ANNOTATION)?.value
}

function refuseHpa(lifecycle: PodAutoscalerLifecycle): void {
  lifecycle.markInactive(
    CLASS_NOT_SUPPORTED,
    `The autoscaler class "${HPA_CLASS}" is not served by this cluster; use "${KPA_CLASS}"`,
  )
}
