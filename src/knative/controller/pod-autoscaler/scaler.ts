import {DEPLOYMENTS, type Deployment} from '../../../api/apps/v1.ts'
import {
  resolveInitialScale,
  resolveScaleBounds,
  resolveStableWindowMs,
  resolveTargetBurstCapacity,
} from '../../../api/autoscaling/decider.ts'
import {PodAutoscalerLifecycle} from '../../../api/autoscaling/pod-autoscaler-lifecycle.ts'
import {
  podRetentionMs,
  progressDeadlineMs,
} from '../../../api/autoscaling/pod-autoscaler-settings.ts'
import type {PodAutoscaler} from '../../../api/autoscaling/v1alpha1.ts'
import type {ConfigSnapshot} from '../../../api/config/config-store.ts'
import {notFound} from '../../../api/meta/status-error.ts'
import {proxyForMs} from '../../../api/networking/serverless-service-lifecycle.ts'
import type {ServerlessService} from '../../../api/networking/v1alpha1.ts'
import type {Client} from '../../../client/client.ts'
import type {Lister} from '../../../controller/informer.ts'
import {applyBounds, decideZeroScale, type ZeroScaleStep} from './scale.ts'

/**
 * The Deployment changes its status when its progress deadline is over, and the Revision then finds
 * out what is wrong with the pods. They must still be there for that.
 */
const ACTIVATION_TIMEOUT_BUFFER_MS = 30_000

/** Whether requests to a revision's public name reach the activator. */
export type ActivatorProbe = (pa: PodAutoscaler) => boolean | Promise<boolean>

/** Sets the scale of scale targets. */
export class Scaler {
  readonly #client: Client
  readonly #deployments: Lister<Deployment>
  readonly #probe: ActivatorProbe

  constructor(options: {
    client: Client
    deployments: Lister<Deployment>
    activatorProbe: ActivatorProbe
  }) {
    this.#client = options.client
    this.#deployments = options.deployments
    this.#probe = options.activatorProbe
  }

  /**
   * Brings the scale target to what the autoscaler wishes, within bounds, and to zero only when
   * that is safe. Answers the scale that is wanted now and when to look again.
   */
  async scale(
    pa: PodAutoscaler,
    sks: ServerlessService,
    wish: number,
    now: {readonly configs: ConfigSnapshot; readonly nowMs: number},
  ): Promise<Omit<ZeroScaleStep, 'apply'>> {
    const config = now.configs.autoscaler
    const lifecycle = new PodAutoscalerLifecycle(pa, now.nowMs)
    // No metrics yet; while activating, bounds and initial scale apply nevertheless.
    if (wish < 0 && lifecycle.activity !== 'activating') return {scale: wish}

    let {min} = resolveScaleBounds(pa, config)
    const {max} = resolveScaleBounds(pa, config)
    const initialScale = resolveInitialScale(pa, config)
    if (initialScale > 1 && !lifecycle.scaleTargetInitialized) min = Math.max(initialScale, min)
    const bounded = applyBounds({min, max}, wish)
    const step =
      bounded === 0
        ? decideZeroScale(await this.#observe(pa, sks, lifecycle, now))
        : {scale: bounded, apply: true}
    if (step.apply) await this.#apply(pa, step.scale)
    return step
  }

  async #observe(
    pa: PodAutoscaler,
    sks: ServerlessService,
    lifecycle: PodAutoscalerLifecycle,
    now: {readonly configs: ConfigSnapshot; readonly nowMs: number},
  ): Promise<Parameters<typeof decideZeroScale>[0]> {
    const {autoscaler: config, deployment} = now.configs
    const {activity, activityForMs} = lifecycle
    return {
      enableScaleToZero: config.enableScaleToZero,
      activity,
      activityForMs,
      activationTimeoutMs:
        (progressDeadlineMs(pa) ?? deployment.progressDeadlineMs) + ACTIVATION_TIMEOUT_BUFFER_MS,
      stableWindowMs: resolveStableWindowMs(pa, config),
      gracePeriodMs: config.scaleToZeroGracePeriodMs,
      podRetentionMs: podRetentionMs(pa) ?? config.scaleToZeroPodRetentionPeriodMs,
      sksMode: sks.spec.mode,
      proxyForMs: proxyForMs(sks, now.nowMs),
      activatorInPath:
        activity === 'inactive' &&
        (resolveTargetBurstCapacity(pa, config) === -1 || (await this.#probe(pa))),
    }
  }

  async #apply(pa: PodAutoscaler, replicas: number): Promise<void> {
    const {namespace} = pa.metadata
    const {name = ''} = pa.spec.scaleTargetRef
    const target = this.#deployments.get(namespace, name)
    if (target === undefined) throw notFound(DEPLOYMENTS, name)
    if ((target.spec.replicas ?? 1) === replicas) return
    await this.#client.patch(
      DEPLOYMENTS,
      {name, namespace},
      {type: 'merge', body: {spec: {replicas}}},
    )
  }
}
