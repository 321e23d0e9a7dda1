/** Counterpart of knative.dev/serving `pkg/apis/autoscaling/v1alpha1/pa_lifecycle.go`. */
import {quote} from '../../util/strconv.ts'
import {ConditionManager, livingConditionSet} from '../condition-set.ts'
import type {Condition} from '../conditions.ts'
import {statusOf} from '../reconcile-status.ts'
import type {PodAutoscaler} from './v1alpha1.ts'

/** Why a PodAutoscaler of a class is inactive that no autoscaler here serves. */
export const CLASS_NOT_SUPPORTED = 'ClassNotSupported'

/** The conditions of a PodAutoscaler. */
export const POD_AUTOSCALER_CONDITIONS = livingConditionSet(
  'Active',
  'ScaleTargetInitialized',
  'SKSReady',
)

/** Whether a revision takes requests with its own pods. */
export type Activity = 'active' | 'activating' | 'inactive'

const ACTIVITIES: Readonly<Record<Condition['status'], Activity>> = {
  True: 'active',
  Unknown: 'activating',
  False: 'inactive',
}

/** Says in the status of a PodAutoscaler how far its revision is. */
export class PodAutoscalerLifecycle {
  readonly #status: NonNullable<PodAutoscaler['status']>
  readonly #conditions: ConditionManager
  readonly #nowMs: number

  constructor(pa: PodAutoscaler, nowMs: number) {
    this.#status = statusOf(pa)
    this.#conditions = new ConditionManager(POD_AUTOSCALER_CONDITIONS, this.#status, nowMs)
    this.#nowMs = nowMs
  }

  /** What the Active condition says; undefined before it was ever set. */
  get activity(): Activity | undefined {
    const active = this.#conditions.get('Active')
    return active && ACTIVITIES[active.status]
  }

  /** How long {@link activity} has been what it is, by times of whole seconds; -1 if never set. */
  get activityForMs(): number {
    const since = this.#conditions.get('Active')?.lastTransitionTime
    return since === undefined ? -1 : this.#nowMs - Date.parse(since)
  }

  /** Whether the initial scale was reached once. */
  get scaleTargetInitialized(): boolean {
    return this.#conditions.get('ScaleTargetInitialized')?.status === 'True'
  }

  /** The initial scale is reached. Never taken back. */
  markScaleTargetInitialized(): void {
    this.#conditions.markTrue('ScaleTargetInitialized')
  }

  /** The revision's Services lead somewhere. */
  markSksReady(): void {
    this.#conditions.markTrue('SKSReady')
  }

  /** The revision's Services do not lead anywhere yet. */
  markSksNotReady(message: string): void {
    this.#conditions.markUnknown('SKSReady', 'NotReady', message)
  }

  /** Enough pods take requests. */
  markActive(): void {
    this.#conditions.markTrue('Active')
  }

  /** Pods are on their way. */
  markActivating(reason: string, message: string): void {
    this.#conditions.markUnknown('Active', reason, message)
  }

  /** There are no pods, on purpose. */
  markInactive(reason: string, message: string): void {
    this.#conditions.markFalse('Active', reason, message)
  }

  /** An object of the wanted name belongs to somebody else. */
  markResourceNotOwned(kind: 'ServerlessService' | 'Metric', name: string): void {
    this.markInactive('NotOwned', `There is an existing ${kind} ${quote(name)} that we do not own.`)
  }
}
