import {messageOf} from '../../../util/message-of.ts'
import {getCondition} from '../../../api/condition-set.ts'
import type {Condition} from '../../../api/conditions.ts'
import {isControlledBy} from '../../../api/meta/owner.ts'
import {alreadyExists, isAlreadyExists} from '../../../api/meta/status-error.ts'
import {statusOf} from '../../../api/reconcile-status.ts'
import {ConfigurationLifecycle} from '../../../api/serving/configuration-lifecycle.ts'
import {
  type Configuration,
  CONFIGURATIONS,
  type Revision,
  REVISIONS,
} from '../../../api/serving/v1.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {createChild} from '../children.ts'
import {findLatestCreated, findLatestReady} from '../latest-revision.ts'
import {makeRevision} from './revision.ts'

/** What the reconciler works with. */
export interface ConfigurationReconcilerOptions {
  readonly client: Client
  /** Indexed by Configuration, see `revision-index.ts`. */
  readonly revisions: Lister<Revision>
}

/**
 * Reconciles Configuration: makes one revision per generation and says which is the newest, and which
 * the newest that is ready.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/configuration`.
 */
export class ConfigurationReconciler implements KindReconciler<Configuration> {
  readonly type = CONFIGURATIONS
  readonly #client: Client
  readonly #revisions: Lister<Revision>

  constructor(options: ConfigurationReconcilerOptions) {
    this.#client = options.client
    this.#revisions = options.revisions
  }

  async reconcileKind(draft: Configuration, context: ReconcileContext): Promise<ReconcileResult> {
    const conditions = new ConfigurationLifecycle(draft, context.clock.now())
    const before = conditions.ready
    let latest: Revision | undefined
    try {
      latest = findLatestCreated(draft, this.#revisions)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      // Another revision has the name the template asks for; only a new template can mend that.
      conditions.markRevisionCreationFailed(error.message)
      return undefined
    }
    latest ??= await this.#createRevision(draft, conditions, context)
    conditions.setLatestCreatedRevisionName(latest.metadata.name)
    this.#judgeLatestCreated(draft, latest, before, context)

    const ready = findLatestReady(draft, latest, this.#revisions)
    if (ready !== undefined) {
      const {name} = ready.metadata
      const before = statusOf(draft).latestReadyRevisionName
      conditions.setLatestReadyRevisionName(name)
      if (before !== name) {
        const message = `LatestReadyRevisionName updated to "${name}"`
        context.events.normal(draft, 'LatestReadyUpdate', message)
      }
    }
    return undefined
  }

  async #createRevision(
    draft: Configuration,
    conditions: ConfigurationLifecycle,
    {events, clock}: ReconcileContext,
  ): Promise<Revision> {
    const wanted = makeRevision(draft, clock.now())
    try {
      const {object, created} = await createChild(this.#client, REVISIONS, wanted)
      if (created) events.normal(draft, 'Created', `Created Revision "${object.metadata.name}"`)
      // The name is still held by a revision of an earlier Configuration; it may be going away.
      else if (!isControlledBy(object, draft)) throw alreadyExists(REVISIONS, wanted.metadata.name)
      return object
    } catch (error) {
      if (!isAlreadyExists(error)) {
        events.warning(draft, 'CreationFailed', `Failed to create Revision: ${messageOf(error)}`)
        conditions.markRevisionCreationFailed(messageOf(error))
      }
      throw new Error(`failed to create Revision: ${messageOf(error)}`, {cause: error})
    }
  }

  #judgeLatestCreated(
    draft: Configuration,
    latest: Revision,
    before: Condition | undefined,
    {events, clock}: ReconcileContext,
  ): void {
    const {name} = latest.metadata
    const conditions = new ConfigurationLifecycle(draft, clock.now())
    const ready = getCondition(latest.status, 'Ready')
    const known = statusOf(draft).latestReadyRevisionName ?? ''
    if (ready?.status === 'True' && known === '') {
      events.normal(draft, 'ConfigurationReady', 'Configuration becomes ready')
    }
    if (ready?.status !== 'False') return
    conditions.markLatestCreatedFailed(name, ready.message ?? '')
    // Differs from upstream, which says so again at every reconcile: once per failure is enough.
    if (conditions.ready?.message === before?.message) return
    if (name === known) {
      events.warning(draft, 'LatestReadyFailed', `Latest ready revision "${name}" has failed`)
    } else {
      events.warning(draft, 'LatestCreatedFailed', `Latest created revision "${name}" has failed`)
    }
  }
}
