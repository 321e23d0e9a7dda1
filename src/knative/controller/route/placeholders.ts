import {messageOf} from '../../../util/message-of.ts'
import {CORE_SERVICES, type CoreService, ENDPOINTS, type Endpoints} from '../../../api/core/v1.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {isControlledBy} from '../../../api/meta/owner.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
import type {KIngress} from '../../../api/networking/v1alpha1.ts'
import {ROUTE_LABEL} from '../../../api/serving/metadata-keys.ts'
import type {RouteLifecycle} from '../../../api/serving/route-lifecycle.ts'
import type {Route} from '../../../api/serving/v1.ts'
import type {Client} from '../../../client/client.ts'
import type {ReconcileContext} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {createChild} from '../children.ts'
import type {RouteConfig} from './domains.ts'
import {aimPlaceholder, makePlaceholderService, type Placeholder} from './placeholder-services.ts'

/** Index of core Services by the Route that they are labelled with. */
export const SERVICES_BY_ROUTE = 'route'

/** The values of {@link SERVICES_BY_ROUTE}. */
export function routeOf({metadata}: CoreService): string[] {
  const route = metadata.labels?.[ROUTE_LABEL]
  return route === undefined ? [] : [`${metadata.namespace ?? ''}/${route}`]
}

/** Keeps the placeholder Services of Routes, and their Endpoints. */
export class Placeholders {
  readonly #client: Client
  readonly #services: Lister<CoreService>
  readonly #endpoints: Lister<Endpoints>

  /** `services` must have the index {@link SERVICES_BY_ROUTE}. */
  constructor(options: {
    client: Client
    services: Lister<CoreService>
    endpoints: Lister<Endpoints>
  }) {
    this.#client = options.client
    this.#services = options.services
    this.#endpoints = options.endpoints
  }

  /**
   * One placeholder per tag, in the order of the tags' names; those of tags that are gone go.
   *
   * @throws Error when somebody else has a Service or Endpoints of that name.
   */
  async reconcile(
    route: Route,
    tags: Iterable<string>,
    {config, conditions, context}: PlaceholderRun,
  ): Promise<Placeholder[]> {
    const placeholders: Placeholder[] = []
    for (const tag of [...tags].toSorted()) {
      const wanted = makePlaceholderService(route, tag, config)
      const service = await this.#ensure(route, wanted, context)
      const {namespace, name} = service.metadata
      if (!isControlledBy(service, route)) {
        conditions.markServiceNotOwned(name)
        throw new Error(`route: "${route.metadata.name}" does not own Service: "${name}"`)
      }
      const endpoints = this.#endpoints.get(namespace, name)
      if (endpoints !== undefined && !isControlledBy(endpoints, route)) {
        conditions.markEndpointNotOwned(name)
        throw new Error(`route: "${route.metadata.name}" does not own Endpoints: "${name}"`)
      }
      placeholders.push({service, endpoints})
    }
    await this.#deleteOrphans(route, placeholders)
    return placeholders
  }

  /** Leads the placeholders to the load balancer of the KIngress, once it has one. */
  async aim(placeholders: readonly Placeholder[], ingress: KIngress): Promise<void> {
    for (const from of placeholders) {
      const to = aimPlaceholder(from.service, ingress)
      if (to === undefined) continue
      await this.#aimService(from.service, to.service)
      await this.#aimEndpoints(from.endpoints, to.endpoints)
    }
  }

  async #ensure(
    route: Route,
    wanted: CoreService,
    {events}: ReconcileContext,
  ): Promise<CoreService> {
    const {namespace, name} = wanted.metadata
    const cached = this.#services.get(namespace, name)
    if (cached !== undefined) return cached
    try {
      const {object, created} = await createChild(this.#client, CORE_SERVICES, wanted)
      if (created) events.normal(route, 'Created', `Created placeholder service "${name}"`)
      return object
    } catch (error) {
      const why = messageOf(error)
      const message = `Failed to create placeholder service "${name}": ${why}`
      events.warning(route, 'CreationFailed', message)
      throw new Error(`failed to create placeholder service: ${why}`, {cause: error})
    }
  }

  async #deleteOrphans({metadata}: Route, wanted: readonly Placeholder[]): Promise<void> {
    const names = new Set(wanted.map(({service}) => service.metadata.name))
    const key = `${metadata.namespace ?? ''}/${metadata.name}`
    for (const service of this.#services.byIndex(SERVICES_BY_ROUTE, key)) {
      if (names.has(service.metadata.name)) continue
      await this.#delete(CORE_SERVICES, service)
      const endpoints = this.#endpoints.get(service.metadata.namespace, service.metadata.name)
      if (endpoints !== undefined) await this.#delete(ENDPOINTS, endpoints)
    }
  }

  async #aimService(from: CoreService, to: CoreService): Promise<void> {
    if (!drifted(from.spec, to.spec)) return
    if (canChange(from.spec, to.spec)) {
      const keepsAddress = from.spec.type === 'ClusterIP' && to.spec.clusterIP === undefined
      const address = keepsAddress ? from.spec.clusterIP : undefined
      await this.#client.update(CORE_SERVICES, {
        ...to,
        spec: {...to.spec, ...(address !== undefined && {clusterIP: address})},
      })
      return
    }
    const {name, namespace, labels, annotations, ownerReferences} = to.metadata
    await this.#delete(CORE_SERVICES, from)
    await this.#client.create(CORE_SERVICES, {
      ...to,
      metadata: {
        name,
        ...(namespace !== undefined && {namespace}),
        ...(labels !== undefined && {labels}),
        ...(annotations !== undefined && {annotations}),
        ...(ownerReferences !== undefined && {ownerReferences}),
      },
    })
  }

  async #aimEndpoints(from: Endpoints | undefined, to: Endpoints | undefined): Promise<void> {
    if (from === undefined) {
      if (to !== undefined) await createChild(this.#client, ENDPOINTS, to)
    } else if (to === undefined) {
      await this.#delete(ENDPOINTS, from)
    } else if (!semanticEqual(from.subsets, to.subsets)) {
      await this.#client.update(ENDPOINTS, {...to, metadata: from.metadata})
    }
  }

  async #delete<T extends KubeObject>(type: ResourceType<T>, object: T): Promise<void> {
    try {
      await this.#client.delete(type, object.metadata)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

/** What one reconcile of a Route hands along. */
export interface PlaceholderRun {
  readonly config: RouteConfig
  readonly conditions: RouteLifecycle
  readonly context: ReconcileContext
}

/** Whether something we ask for is not so. What we do not ask for is the server's. */
function drifted(have: CoreService['spec'], wanted: CoreService['spec']): boolean {
  const known = have as Record<string, unknown>
  return Object.entries(wanted).some(([field, value]) => !semanticEqual(known[field], value))
}

/**
 * Whether a Service may be changed so, or has to be made anew.
 *
 * | from         | to           | may                                        |
 * | ------------ | ------------ | ------------------------------------------ |
 * | ExternalName | any          | yes                                        |
 * | ClusterIP    | ExternalName | no (kubernetes/kubernetes issue 104329)    |
 * | ClusterIP    | ClusterIP    | unless it becomes, or was, headless        |
 */
function canChange(from: CoreService['spec'], to: CoreService['spec']): boolean {
  if (from.type !== to.type) return from.type === 'ExternalName'
  if (from.type !== 'ClusterIP') return true
  return (from.clusterIP === 'None') === (to.clusterIP === 'None')
}
