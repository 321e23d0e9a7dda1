import {messageOf} from '../../../util/message-of.ts'
import {type Deployment, DEPLOYMENTS, REPLICA_SETS, type ReplicaSet} from '../../../api/apps/v1.ts'
import type {Pod} from '../../../api/core/v1.ts'
import {isControlledBy} from '../../../api/meta/owner.ts'
import {isAlreadyExists, isConflict, isNotFound} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {cloneJson} from '../../../util/json.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {OWNER_UID} from '../owner-index.ts'
import type {Claims} from '../claim.ts'
import {isRollingUpdate} from './fenceposts.ts'
import {
  chooseForCleanup,
  desiredReplicasAnnotation,
  findNewReplicaSet,
  makeReplicaSet,
  maxRevision,
  REVISION,
  revisionAnnotations,
  sameTemplate,
  withReplicaCounts,
} from './replica-sets.ts'
import {
  activeOnes,
  decideNewReplicas,
  decideOldReplicas,
  decideProportions,
  findActiveOrLatest,
  type ScaleTo,
} from './scaling.ts'
import {
  calculateStatus,
  getDeploymentCondition,
  hasProgressDeadline,
  isComplete,
  makeRolloutStatus,
  recheckAfterMs,
  setDeploymentCondition,
} from './status.ts'

/** The ReplicaSets of a Deployment as one round sees and changes them. */
interface Rollout {
  readonly draft: Deployment
  readonly context: ReconcileContext
  newest: ReplicaSet | undefined
  old: ReplicaSet[]
}

/**
 * Reconciles Deployment: one ReplicaSet per template, pods moved from the old ones to the new one.
 *
 * Counterpart of kubernetes `pkg/controller/deployment`. Differs from upstream: a round writes the
 * status once, so that a new Deployment is stored twice less.
 */
export class DeploymentReconciler implements KindReconciler<Deployment> {
  readonly type = DEPLOYMENTS
  readonly #client: Client
  readonly #claims: Claims<Deployment, ReplicaSet>
  readonly #pods: Lister<Pod>

  constructor(options: {
    client: Client
    claims: Claims<Deployment, ReplicaSet>
    pods: Lister<Pod>
  }) {
    this.#client = options.client
    this.#claims = options.claims
    this.#pods = options.pods
  }

  async reconcileKind(draft: Deployment, context: ReconcileContext): Promise<ReconcileResult> {
    draft.status ??= {}
    markPaused(draft, context.clock.now())
    const rollout = await this.#observe(draft, context)
    if (draft.spec.paused === true || isScaling(draft, allOf(rollout))) {
      await this.#syncSize(rollout)
      return undefined
    }
    if (isRollingUpdate(draft)) await this.#rollingUpdate(rollout)
    else await this.#recreate(rollout)

    const nowMs = context.clock.now()
    draft.status = makeRolloutStatus(draft, allOf(rollout), rollout.newest, nowMs)
    const requeueAfterMs = recheckAfterMs(draft, draft.status, nowMs)
    return requeueAfterMs === undefined ? undefined : {requeueAfterMs}
  }

  async #observe(draft: Deployment, context: ReconcileContext): Promise<Rollout> {
    const owned = await this.#claims.claim(draft)
    const newest = findNewReplicaSet(draft, owned)
    return {draft, context, newest, old: owned.filter((replicaSet) => replicaSet !== newest)}
  }

  async #rollingUpdate(rollout: Rollout): Promise<void> {
    await this.#ensureNewest(rollout)
    if (await this.#growNewest(rollout)) return
    const shrinking = decideOldReplicas(rollout.draft, rollout.newest, rollout.old)
    if (await this.#scaleAll(rollout, shrinking)) return
    await this.#cleanUp(rollout)
  }

  async #recreate(rollout: Rollout): Promise<void> {
    const shrinking = activeOnes(rollout.old).map((replicaSet) => ({replicaSet, replicas: 0}))
    if (await this.#scaleAll(rollout, shrinking)) return
    if (rollout.old.some((replicaSet) => this.#hasRunningPods(replicaSet))) return
    await this.#ensureNewest(rollout)
    if (await this.#growNewest(rollout)) return
    await this.#cleanUp(rollout)
  }

  /** Follows a new size without rolling anything out: paused, or only `replicas` changed. */
  async #syncSize(rollout: Rollout): Promise<void> {
    const {draft, context} = rollout
    if (rollout.newest !== undefined) await this.#ensureNewest(rollout)
    const single = findActiveOrLatest(rollout.newest, rollout.old)
    if (single !== undefined) {
      await this.#scaleAll(rollout, [{replicaSet: single, replicas: draft.spec.replicas ?? 1}])
    } else if (isSaturated(draft, rollout.newest)) {
      await this.#scaleAll(
        rollout,
        activeOnes(rollout.old).map((replicaSet) => ({replicaSet, replicas: 0})),
      )
    } else if (isRollingUpdate(draft)) {
      await this.#scaleAll(rollout, decideProportions(draft, allOf(rollout)))
    }
    if (draft.spec.paused === true) await this.#cleanUp(rollout)
    draft.status = calculateStatus(draft, allOf(rollout), rollout.newest, context.clock.now())
  }

  /** Makes sure that a ReplicaSet has the current template, with the revision written on it. */
  async #ensureNewest(rollout: Rollout): Promise<void> {
    const revision = maxRevision(rollout.old) + 1
    if (rollout.newest === undefined) await this.#createNewest(rollout, revision)
    else await this.#keepNewest(rollout, rollout.newest, revision)
    await this.#writeRevision(rollout)
  }

  /** The revision goes with the status, and at once, so that both are there when pods are made. */
  async #writeRevision({draft, newest}: Rollout): Promise<void> {
    const revision = newest?.metadata.annotations?.[REVISION]
    if (revision === undefined || draft.metadata.annotations?.[REVISION] === revision) return
    const annotations = {...draft.metadata.annotations, [REVISION]: revision}
    const written = await this.#client.updateStatus(DEPLOYMENTS, {
      ...draft,
      metadata: {...draft.metadata, annotations},
    })
    // The status is written onto this version, so that our own write is no conflict.
    draft.metadata = cloneJson(written.metadata)
  }

  async #keepNewest(rollout: Rollout, newest: ReplicaSet, revision: number): Promise<void> {
    const {draft, context} = rollout
    const annotations = revisionAnnotations(draft, newest.metadata.annotations, revision)
    const minReadySeconds = draft.spec.minReadySeconds ?? 0
    if (
      !semanticEqual(annotations, newest.metadata.annotations) ||
      minReadySeconds !== (newest.spec.minReadySeconds ?? 0)
    ) {
      rollout.newest = await this.#client.update(REPLICA_SETS, {
        ...newest,
        metadata: {...newest.metadata, annotations},
        spec: {...newest.spec, minReadySeconds},
      })
    }
    if (hasProgressDeadline(draft) && !getDeploymentCondition(draft.status, 'Progressing')) {
      this.#markProgressing(
        draft,
        context,
        'FoundNewReplicaSet',
        `Found new replica set "${newest.metadata.name}"`,
      )
    }
  }

  async #createNewest(rollout: Rollout, revision: number): Promise<void> {
    const {draft, context} = rollout
    const replicas = decideNewReplicas(draft, rollout.old, 0)
    const wanted = makeReplicaSet(draft, revision, replicas)
    const {name} = wanted.metadata
    try {
      rollout.newest = await this.#client.create(REPLICA_SETS, wanted)
    } catch (error) {
      if (isAlreadyExists(error)) {
        rollout.newest = await this.#resolveCollision(draft, wanted)
        return
      }
      this.#markCreateError(draft, context, name, error)
      throw error
    }
    if (replicas > 0) {
      context.events.normal(
        draft,
        'ScalingReplicaSet',
        `Scaled up replica set ${name} from 0 to ${replicas}`,
      )
    }
    if (hasProgressDeadline(draft)) {
      this.#markProgressing(
        draft,
        context,
        'NewReplicaSetCreated',
        `Created new replica set "${name}"`,
      )
    }
  }

  /** The name is taken: by ourselves a moment ago, or by another template with the same hash. */
  async #resolveCollision(draft: Deployment, wanted: ReplicaSet): Promise<ReplicaSet> {
    const existing = await this.#client.get(REPLICA_SETS, wanted.metadata)
    if (
      isControlledBy(existing, draft) &&
      sameTemplate(existing.spec.template, draft.spec.template)
    ) {
      return existing
    }
    const {name} = wanted.metadata
    draft.status = {...draft.status, collisionCount: (draft.status?.collisionCount ?? 0) + 1}
    throw new Error(`the name of replica set ${name} is taken; another hash will be tried`)
  }

  async #growNewest(rollout: Rollout): Promise<boolean> {
    const {draft, newest} = rollout
    if (newest === undefined) return false
    const wanted = draft.spec.replicas ?? 1
    const current = newest.spec.replicas ?? 0
    if (current === wanted) return false
    const replicas = current > wanted ? wanted : decideNewReplicas(draft, allOf(rollout), current)
    return this.#scaleAll(rollout, [{replicaSet: newest, replicas}])
  }

  /** Answers whether any ReplicaSet changed its size. */
  async #scaleAll(rollout: Rollout, changes: readonly ScaleTo[]): Promise<boolean> {
    let scaled = false
    for (const {replicaSet, replicas} of changes) {
      const before = replicaSet.spec.replicas ?? 0
      const annotations = withReplicaCounts(replicaSet.metadata.annotations, rollout.draft)
      if (before === replicas && semanticEqual(annotations, replicaSet.metadata.annotations)) {
        continue
      }
      const updated = await this.#client.update(REPLICA_SETS, {
        ...replicaSet,
        metadata: {...replicaSet.metadata, annotations},
        spec: {...replicaSet.spec, replicas},
      })
      replace(rollout, replicaSet, updated)
      if (before === replicas) continue
      scaled = true
      const direction = replicas > before ? 'up' : 'down'
      rollout.context.events.normal(
        rollout.draft,
        'ScalingReplicaSet',
        `Scaled ${direction} replica set ${updated.metadata.name} from ${before} to ${replicas}`,
      )
    }
    return scaled
  }

  async #cleanUp(rollout: Rollout): Promise<void> {
    const {draft} = rollout
    if (draft.spec.paused !== true && !isComplete(draft, draft.status ?? {})) return
    for (const replicaSet of chooseForCleanup(draft, rollout.old)) {
      try {
        await this.#client.delete(REPLICA_SETS, replicaSet.metadata, {
          propagationPolicy: 'Background',
        })
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
  }

  #hasRunningPods(replicaSet: ReplicaSet): boolean {
    return this.#pods
      .byIndex(OWNER_UID, replicaSet.metadata.uid ?? '')
      .some(({status}) => status?.phase !== 'Failed' && status?.phase !== 'Succeeded')
  }

  #markProgressing(
    draft: Deployment,
    context: ReconcileContext,
    reason: string,
    message: string,
  ): void {
    draft.status ??= {}
    setDeploymentCondition(
      draft.status,
      {type: 'Progressing', status: 'True', reason, message},
      context.clock.now(),
    )
  }

  #markCreateError(
    draft: Deployment,
    context: ReconcileContext,
    name: string,
    error: unknown,
  ): void {
    if (isConflict(error)) return
    const text = messageOf(error)
    const message = `Failed to create new replica set "${name}": ${text}`
    context.events.warning(draft, 'ReplicaSetCreateError', message)
    if (!hasProgressDeadline(draft)) return
    draft.status ??= {}
    setDeploymentCondition(
      draft.status,
      {type: 'Progressing', status: 'False', reason: 'ReplicaSetCreateError', message},
      context.clock.now(),
    )
  }
}

/** Time does not run against a paused Deployment: the condition says since when. */
function markPaused(draft: Deployment, nowMs: number): void {
  const condition = getDeploymentCondition(draft.status, 'Progressing')
  if (!hasProgressDeadline(draft) || condition?.reason === 'ProgressDeadlineExceeded') return
  draft.status ??= {}
  const wasPaused = condition?.reason === 'DeploymentPaused'
  const isPaused = draft.spec.paused === true
  if (isPaused === wasPaused) return
  setDeploymentCondition(
    draft.status,
    isPaused
      ? {
          type: 'Progressing',
          status: 'Unknown',
          reason: 'DeploymentPaused',
          message: 'Deployment is paused',
        }
      : {
          type: 'Progressing',
          status: 'Unknown',
          reason: 'DeploymentResumed',
          message: 'Deployment is resumed',
        },
    nowMs,
  )
}

/** Whether the size changed since the ReplicaSets were last written, so nothing must be rolled. */
function isScaling(draft: Deployment, all: readonly ReplicaSet[]): boolean {
  return activeOnes(all).some((replicaSet) => {
    const desired = desiredReplicasAnnotation(replicaSet)
    return desired !== undefined && desired !== (draft.spec.replicas ?? 1)
  })
}

function isSaturated(draft: Deployment, newest: ReplicaSet | undefined): boolean {
  const wanted = draft.spec.replicas ?? 1
  return (
    newest !== undefined &&
    newest.spec.replicas === wanted &&
    desiredReplicasAnnotation(newest) === wanted &&
    newest.status?.availableReplicas === wanted
  )
}

function allOf(rollout: Rollout): ReplicaSet[] {
  return rollout.newest === undefined ? rollout.old : [...rollout.old, rollout.newest]
}

function replace(rollout: Rollout, before: ReplicaSet, after: ReplicaSet): void {
  if (rollout.newest === before) rollout.newest = after
  else rollout.old = rollout.old.map((item) => (item === before ? after : item))
}
