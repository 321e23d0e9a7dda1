/** Counterpart of knative.dev/serving `pkg/apis/serving/v1/revision_lifecycle.go`. */
import {quote} from '../../util/strconv.ts'
import type {Deployment} from '../apps/v1.ts'
import {CLASS_NOT_SUPPORTED} from '../autoscaling/pod-autoscaler-lifecycle.ts'
import type {PodAutoscaler} from '../autoscaling/v1alpha1.ts'
import {ConditionManager, getCondition, isTrue, livingConditionSet} from '../condition-set.ts'
import {statusOf} from '../reconcile-status.ts'
import {deploymentReadiness} from './deployment-readiness.ts'
import type {Revision} from './v1.ts'

/** The conditions of a Revision. `Active` is not one of them: a revision at zero is ready. */
export const REVISION_CONDITIONS = livingConditionSet('ResourcesAvailable', 'ContainerHealthy')

/** Says in the status of a Revision how its Deployment and its PodAutoscaler are. */
export class RevisionLifecycle {
  readonly #status: NonNullable<Revision['status']>
  readonly #conditions: ConditionManager

  constructor(revision: Revision, nowMs: number) {
    this.#status = statusOf(revision)
    this.#conditions = new ConditionManager(REVISION_CONDITIONS, this.#status, nowMs)
  }

  /** Whether the revision can take requests. */
  get ready(): boolean {
    return this.#conditions.isHappy()
  }

  /** The images are being looked up at their registries. */
  markResolvingDigests(): void {
    this.#conditions.markUnknown('ResourcesAvailable', 'ResolvingDigests')
  }

  /** An image does not exist, or its registry does not answer. */
  markContainerMissing(message: string): void {
    this.#conditions.markFalse('ContainerHealthy', 'ContainerMissing', message)
  }

  /** The Deployment is just being created. */
  markDeploying(): void {
    this.#conditions.markUnknown('ResourcesAvailable', 'Deploying')
    this.#conditions.markUnknown('ContainerHealthy', 'Deploying')
  }

  /** An object of the wanted name belongs to somebody else. */
  markNotOwned(kind: 'Deployment' | 'PodAutoscaler', name: string): void {
    this.#conditions.markFalse(
      'ResourcesAvailable',
      'NotOwned',
      `There is an existing ${kind} ${quote(name)} that we do not own.`,
    )
  }

  /** Pods cannot be placed, or their containers cannot start. */
  markResourcesUnavailable(reason: string, message: string): void {
    this.#conditions.markFalse('ResourcesAvailable', reason, message)
  }

  /** The user's container ended although nobody asked it to. */
  markContainerExited(exitCode: number, message: string): void {
    const text = exitCode === 0 && message === '' ? 'container exited with no error' : message
    this.#conditions.markFalse(
      'ContainerHealthy',
      `ExitCode${exitCode}`,
      `Container failed with: ${text}`,
    )
  }

  /** Takes over what the Deployment says about its progress. */
  propagateDeploymentStatus(status: Deployment['status']): void {
    this.#conditions.propagate('ResourcesAvailable', deploymentReadiness(status))
  }

  /**
   * Takes over what the PodAutoscaler says: the scale, whether it ever reached its initial scale,
   * and whether the revision is scaled to zero.
   *
   * | PA Ready | initial scale reached | Deployment failed | revision                             |
   * | -------- | --------------------- | ----------------- | ------------------------------------ |
   * | absent   | any                   | no                | resources open, `Deploying`          |
   * | any      | yes                   | no                | resources and container are fine     |
   * | False    | no                    | no                | failed: `ProgressDeadlineExceeded`   |
   * | any      | any                   | yes               | the Deployment's word stands         |
   *
   * A PodAutoscaler that nobody serves fails the revision with its own words.
   */
  propagateAutoscalerStatus(status: PodAutoscaler['status']): void {
    this.#propagateScale(status)
    const resourcesFailed = this.#conditions.get('ResourcesAvailable')?.status === 'False'
    const ready = getCondition(status, 'Ready')
    if (ready === undefined) {
      this.#conditions.markUnknown('Active', 'Deploying')
      if (!resourcesFailed) this.#conditions.markUnknown('ResourcesAvailable', 'Deploying')
      return
    }

    const unserved = ready.status === 'False' && ready.reason === CLASS_NOT_SUPPORTED
    if (unserved) {
      this.#conditions.markFalse('ResourcesAvailable', CLASS_NOT_SUPPORTED, ready.message ?? '')
      this.#conditions.propagate('Active', ready)
      return
    }
    const initialized = isTrue(status, 'ScaleTargetInitialized')
    const hasService = (status?.serviceName ?? '') !== ''
    if (initialized && !resourcesFailed) {
      this.#conditions.markTrue('ResourcesAvailable')
      this.#conditions.markTrue('ContainerHealthy')
    }
    // With an initial scale of 0 the Deployment is content before anybody can be sent a request.
    if (this.#conditions.get('ResourcesAvailable')?.status === 'True' && !hasService) {
      this.#conditions.markUnknown('ResourcesAvailable', 'Deploying')
    }
    // Scaled to zero without ever having reached the initial scale: it gave up. The Deployment
    // says the contrary by now, since scaling down counts as progress.
    if (ready.status === 'False' && !initialized && !resourcesFailed && hasService) {
      this.#conditions.markFalse(
        'ResourcesAvailable',
        'ProgressDeadlineExceeded',
        'Initial scale was never achieved',
      )
    }
    this.#conditions.propagate('Active', ready)
  }

  #propagateScale(status: PodAutoscaler['status']): void {
    delete this.#status.actualReplicas
    delete this.#status.desiredReplicas
    // The autoscaler says -1 while it does not know.
    const {actualScale = -1, desiredScale = -1} = status ?? {}
    if (actualScale >= 0) this.#status.actualReplicas = actualScale
    if (desiredScale >= 0) this.#status.desiredReplicas = desiredScale
  }
}
