import type {KubeObject} from '../../../api/meta/object.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
import {isReady} from '../../../api/reconcile-status.ts'
import {ROUTING_STATE_LABEL} from '../../../api/serving/metadata-keys.ts'
import {isRouteFailed} from '../../../api/serving/route-lifecycle.ts'
import {
  type Configuration,
  CONFIGURATIONS,
  type Revision,
  REVISIONS,
  type Route,
  ROUTES,
} from '../../../api/serving/v1.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {type MetadataPatch, patchRevision, patchRoutes} from './routing-metadata.ts'
import {findTrafficTargets} from './traffic-targets.ts'

/** Index of revisions and of Configurations by the Routes that point at them. */
export const BY_ROUTE = 'route'

/** What the reconciler works with. */
export interface LabelerOptions {
  readonly client: Client
  /** Indexed by {@link BY_ROUTE}. */
  readonly revisions: Lister<Revision>
  /** Indexed by {@link BY_ROUTE}. */
  readonly configurations: Lister<Configuration>
}

/**
 * Notes on revisions and Configurations which Routes send traffic to them, and on revisions whether
 * any does: a revision in reserve has no minimum scale and may be collected.
 *
 * Leaves the Route itself alone, but for a finalizer, so that nothing is left behind.
 * Counterpart of knative.dev/serving `pkg/reconciler/labeler`.
 */
export class Labeler implements KindReconciler<Route> {
  readonly type = ROUTES
  readonly finalizer = 'routes.serving.knative.dev'
  readonly #options: LabelerOptions

  constructor(options: LabelerOptions) {
    this.#options = options
  }

  async reconcileKind(draft: Route, context: ReconcileContext): Promise<ReconcileResult> {
    const {revisions, configurations} = this.#options
    const targets = findTrafficTargets(draft, revisions, configurations)
    const {namespace} = draft.metadata
    for (const name of targets.mentioned.revisions) {
      context.tracker.track(REVISIONS, {namespace, name}, context.key)
    }
    for (const name of targets.mentioned.configurations) {
      context.tracker.track(CONFIGURATIONS, {namespace, name}, context.key)
    }
    // While the Route is undecided, traffic may still flow to where it no longer should.
    if (isReady(draft) || isRouteFailed(draft)) {
      await this.#clear(draft, targets, context)
    }
    const {name: route} = draft.metadata
    const nowMs = context.clock.now()
    for (const name of targets.revisions) {
      const revision = revisions.get(namespace, name)
      if (revision === undefined) continue // Tracked: it will come.
      await this.#patch(REVISIONS, revision, patchRevision(revision, route, 'add', nowMs))
    }
    for (const name of targets.configurations) {
      const configuration = configurations.get(namespace, name)
      if (configuration === undefined) continue
      await this.#patch(CONFIGURATIONS, configuration, patchRoutes(configuration, route, 'add'))
    }
    return undefined
  }

  async finalizeKind(draft: Route, context: ReconcileContext): Promise<void> {
    await this.#clear(draft, {revisions: new Set(), configurations: new Set()}, context)
  }

  async #clear(
    {metadata}: Route,
    keep: {readonly revisions: Set<string>; readonly configurations: Set<string>},
    {clock}: ReconcileContext,
  ): Promise<void> {
    const {name: route, namespace = ''} = metadata
    const {revisions, configurations} = this.#options
    for (const revision of revisions.byIndex(BY_ROUTE, `${namespace}/${route}`)) {
      if (revision.metadata.labels?.[ROUTING_STATE_LABEL] !== 'active') continue
      if (keep.revisions.has(revision.metadata.name)) continue
      const patch = patchRevision(revision, route, 'remove', clock.now())
      await this.#patch(REVISIONS, revision, patch)
    }
    for (const configuration of configurations.byIndex(BY_ROUTE, `${namespace}/${route}`)) {
      if (keep.configurations.has(configuration.metadata.name)) continue
      await this.#patch(CONFIGURATIONS, configuration, patchRoutes(configuration, route, 'remove'))
    }
  }

  async #patch<T extends KubeObject>(
    type: ResourceType<T>,
    object: T,
    body: MetadataPatch | undefined,
  ): Promise<void> {
    if (body === undefined) return
    try {
      await this.#options.client.patch(type, object.metadata, {type: 'merge', body})
    } catch (error) {
      // Deleted in between: nothing is left to be labelled.
      if (!isNotFound(error)) throw error
    }
  }
}
