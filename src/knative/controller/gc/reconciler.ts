import type {ConfigStore} from '../../../api/config/config-store.ts'
import {keyOf} from '../../../api/meta/object.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
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
import {REVISIONS_BY_CONFIGURATION} from '../revision-index.ts'
import {chooseStaleRevisions, isDisabled} from './stale-revisions.ts'

/** What the collector works with. */
export interface RevisionCollectorOptions {
  readonly client: Client
  readonly configs: ConfigStore
  /** Indexed by Configuration, see `revision-index.ts`. */
  readonly revisions: Lister<Revision>
}

/**
 * Deletes revisions of a Configuration that nobody has needed for long. Looks whenever the
 * Configuration or one of its revisions changes, as upstream does; time alone triggers nothing.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/gc`.
 */
export class RevisionCollector implements KindReconciler<Configuration> {
  readonly type = CONFIGURATIONS
  readonly #options: RevisionCollectorOptions

  constructor(options: RevisionCollectorOptions) {
    this.#options = options
  }

  async reconcileKind(draft: Configuration, {clock}: ReconcileContext): Promise<ReconcileResult> {
    const {client, configs, revisions} = this.#options
    const config = configs.snapshot().gc
    if (isDisabled(config)) return undefined
    const own = revisions.byIndex(REVISIONS_BY_CONFIGURATION, keyOf(draft))
    for (const {metadata} of chooseStaleRevisions(own, draft, config, clock.now())) {
      if (metadata.deletionTimestamp !== undefined) continue
      try {
        await client.delete(REVISIONS, metadata)
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
    return undefined
  }
}
