import {cloneJson} from '../../../util/json.ts'
import {messageOf} from '../../../util/message-of.ts'
import type {ConfigStore} from '../../../api/config/config-store.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {isControlledBy} from '../../../api/meta/owner.ts'
import {setConfigurationDefaults} from '../../../api/serving/defaults.ts'
import {ServiceLifecycle} from '../../../api/serving/service-lifecycle.ts'
import {
  type Configuration,
  CONFIGURATIONS,
  type Revision,
  type Route,
  ROUTES,
  type Service,
  SERVICES,
} from '../../../api/serving/v1.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {createChild, type CreatedChild} from '../children.ts'
import {checkNameAvailability} from '../latest-revision.ts'
import {overwriteDrift} from '../overwrite-drift.ts'
import {configurationName, makeConfiguration, makeRoute, routeName} from './resources.ts'
import {isTrafficMigrated} from './traffic-migrated.ts'

/** What the reconciler works with. */
export interface ServiceReconcilerOptions {
  readonly client: Client
  readonly configs: Pick<ConfigStore, 'snapshot'>
  readonly configurations: Lister<Configuration>
  readonly routes: Lister<Route>
  readonly revisions: Lister<Revision>
}

/**
 * Reconciles Service: keeps a Configuration and a Route and repeats what they say.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/service`.
 */
export class ServiceReconciler implements KindReconciler<Service> {
  readonly type = SERVICES
  readonly #options: ServiceReconcilerOptions

  constructor(options: ServiceReconcilerOptions) {
    this.#options = options
  }

  async reconcileKind(draft: Service, context: ReconcileContext): Promise<ReconcileResult> {
    const conditions = new ServiceLifecycle(draft, context.clock.now())
    const configuration = await this.#reconcileConfiguration(draft, conditions, context)
    const revisionName = configuration.spec.template.metadata?.name ?? ''
    if (isObserved(configuration)) {
      conditions.propagateConfigurationStatus(configuration.status)
    } else {
      conditions.markConfigurationNotReconciled()
      // A name the author chose may be taken: no Route before that is known, or it would send
      // traffic to a revision of somebody else.
      if (revisionName !== '') return undefined
    }
    if (checkNameAvailability(configuration, this.#options.revisions) === 'taken') {
      conditions.markRevisionNameTaken(revisionName)
      return undefined
    }

    const route = await this.#reconcileRoute(draft, conditions, context)
    if (isObserved(route)) conditions.propagateRouteStatus(route.status)
    else conditions.markRouteNotReconciled()
    if (conditions.routesReady && !isTrafficMigrated(route, configuration)) {
      conditions.markRouteNotYetReady()
    }
    return undefined
  }

  async #reconcileConfiguration(
    draft: Service,
    conditions: ServiceLifecycle,
    context: ReconcileContext,
  ): Promise<Configuration> {
    const {client, configurations} = this.#options
    const name = configurationName(draft)
    let configuration = configurations.get(draft.metadata.namespace, name)
    if (configuration === undefined) {
      configuration = await announce(draft, 'Configuration', context, () =>
        createChild(client, CONFIGURATIONS, makeConfiguration(draft)),
      )
    }
    if (!isControlledBy(configuration, draft)) {
      conditions.markConfigurationNotOwned(name)
      throw new Error(`service: "${draft.metadata.name}" does not own configuration: "${name}"`)
    }
    const updated = overwriteDrift(configuration, this.#wantedConfiguration(draft, configuration))
    return updated === undefined ? configuration : client.update(CONFIGURATIONS, updated)
  }

  /**
   * The Configuration with the defaults that are in force now, as admission will fill them in: where
   * config-defaults came to say something that the Service leaves open, it becomes a new revision.
   */
  #wantedConfiguration(service: Service, existing: Configuration): Configuration {
    const wanted = makeConfiguration(service, existing)
    const defaulted = {...wanted, spec: cloneJson(wanted.spec)}
    const configs = this.#options.configs.snapshot()
    setConfigurationDefaults(defaulted, {configs, operation: 'UPDATE'}, existing)
    return defaulted
  }

  async #reconcileRoute(
    draft: Service,
    conditions: ServiceLifecycle,
    context: ReconcileContext,
  ): Promise<Route> {
    const {client, routes} = this.#options
    const name = routeName(draft)
    const wanted = makeRoute(draft)
    const route =
      routes.get(draft.metadata.namespace, name) ??
      (await announce(draft, 'Route', context, () => createChild(client, ROUTES, wanted)))
    if (!isControlledBy(route, draft)) {
      conditions.markRouteNotOwned(name)
      throw new Error(`service: "${draft.metadata.name}" does not own route: "${name}"`)
    }
    const updated = overwriteDrift(route, wanted)
    return updated === undefined ? route : client.update(ROUTES, updated)
  }
}

/** Whether the status of a child speaks about its newest spec. */
function isObserved({metadata, status}: Configuration | Route): boolean {
  return metadata.generation === (status?.observedGeneration ?? 0)
}

/** Creates a child and says in an event whether that went well. */
async function announce<T extends KubeObject>(
  service: Service,
  kind: 'Configuration' | 'Route',
  {events}: ReconcileContext,
  create: () => Promise<CreatedChild<T>>,
): Promise<T> {
  const {name} = service.metadata
  try {
    const {object, created} = await create()
    if (created) events.normal(service, 'Created', `Created ${kind} "${name}"`)
    return object
  } catch (error) {
    const why = messageOf(error)
    events.warning(service, 'CreationFailed', `Failed to create ${kind} "${name}": ${why}`)
    throw new Error(`failed to create ${kind}: ${why}`, {cause: error})
  }
}
