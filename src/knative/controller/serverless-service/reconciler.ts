import {DEPLOYMENTS, type Deployment} from '../../../api/apps/v1.ts'
import {SYSTEM_NAMESPACE} from '../../../api/config/system-namespace.ts'
import {CORE_SERVICES, type CoreService, ENDPOINTS, type Endpoints} from '../../../api/core/v1.ts'
import {isControlledBy} from '../../../api/meta/owner.ts'
import {notFound} from '../../../api/meta/status-error.ts'
import {ServerlessServiceLifecycle} from '../../../api/networking/serverless-service-lifecycle.ts'
import {SERVERLESS_SERVICES, type ServerlessService} from '../../../api/networking/v1alpha1.ts'
import type {Client} from '../../../client/client.ts'
import type {
  KindReconciler,
  ReconcileContext,
  ReconcileResult,
} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {readyAddresses} from '../../../kubernetes/kube-proxy/service-target.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import * as resources from './resources.ts'

/** The Service in front of all activators, in the system namespace. */
export const ACTIVATOR_SERVICE = 'activator-service'

/** What the reconciler of ServerlessServices works with. */
export interface ServerlessServiceReconcilerOptions {
  readonly client: Client
  readonly services: Lister<CoreService>
  readonly endpoints: Lister<Endpoints>
  readonly deployments: Lister<Deployment>
}

/**
 * Reconciles ServerlessService (SKS): one stable, public name per revision whose endpoints move
 * between the revision's pods and the activator.
 *
 * Differs from upstream: Endpoints that do not exist yet count as empty ones, where upstream fails
 * and tries again. So the public name leads to the activator before the first pod is there.
 *
 * Counterpart of knative.dev/serving `pkg/reconciler/serverlessservice`.
 */
export class ServerlessServiceReconciler implements KindReconciler<ServerlessService> {
  readonly type = SERVERLESS_SERVICES
  readonly #client: Client
  readonly #services: Lister<CoreService>
  readonly #endpoints: Lister<Endpoints>
  readonly #deployments: Lister<Deployment>

  constructor(options: ServerlessServiceReconcilerOptions) {
    this.#client = options.client
    this.#services = options.services
    this.#endpoints = options.endpoints
    this.#deployments = options.deployments
  }

  async reconcileKind(
    draft: ServerlessService,
    {clock}: ReconcileContext,
  ): Promise<ReconcileResult> {
    const lifecycle = new ServerlessServiceLifecycle(draft, clock.now())
    const status = (draft.status ??= {})

    // The private Service comes first: the public endpoints are copied from its endpoints.
    const privateService = resources.makePrivateService(draft, this.#selectorOf(draft))
    await this.#reconcileService(draft, lifecycle, privateService)
    status.privateServiceName = privateService.metadata.name
    await this.#reconcileService(draft, lifecycle, resources.makePublicService(draft))
    status.serviceName = draft.metadata.name

    const pods = this.#endpoints.get(draft.metadata.namespace, privateService.metadata.name)
    const activators = this.#endpoints.get(SYSTEM_NAMESPACE, ACTIVATOR_SERVICE)
    const readyPods = readyAddresses(pods).length
    const backend = resources.chooseBackend(
      draft.spec.mode,
      readyPods,
      readyAddresses(activators).length,
    )
    const {numActivators = 0} = draft.spec
    const source =
      backend === 'activator' && activators !== undefined
        ? resources.subsetEndpoints(activators, draft.metadata.name, numActivators)
        : pods
    await this.#reconcileEndpoints(draft, lifecycle, source)

    if (readyPods > 0) lifecycle.markEndpointsReady()
    else lifecycle.markEndpointsNotReady('NoHealthyBackends')
    if (readyPods === 0 || draft.spec.mode === 'Proxy') lifecycle.markActivatorEndpointsPopulated()
    else lifecycle.markActivatorEndpointsRemoved()
    return undefined
  }

  #selectorOf(sks: ServerlessService): Record<string, string> {
    const {name = ''} = sks.spec.objectRef
    const target = this.#deployments.get(sks.metadata.namespace, name)
    if (target === undefined) throw notFound(DEPLOYMENTS, name)
    return target.spec.selector.matchLabels ?? {}
  }

  async #reconcileService(
    sks: ServerlessService,
    lifecycle: ServerlessServiceLifecycle,
    desired: CoreService,
  ): Promise<void> {
    const {namespace, name, labels} = desired.metadata
    const existing = this.#services.get(namespace, name)
    if (existing === undefined) {
      const serviceType = labels?.[resources.SERVICE_TYPE_LABEL] ?? ''
      lifecycle.markEndpointsNotReady(`Creating${serviceType}Service`)
      await this.#client.create(CORE_SERVICES, desired)
      return
    }
    if (!isControlledBy(existing, sks)) {
      lifecycle.markEndpointsNotOwned('Service', name)
      throw new Error(`SKS: ${sks.metadata.name} does not own Service: ${name}`)
    }
    const {selector, ...rest} = existing.spec
    const spec = {
      ...rest,
      ...(desired.spec.ports !== undefined && {ports: desired.spec.ports}),
      ...(desired.spec.selector !== undefined && {selector: desired.spec.selector}),
    }
    if (semanticEqual(spec, {...rest, selector})) return
    await this.#client.update(CORE_SERVICES, {...existing, spec})
  }

  async #reconcileEndpoints(
    sks: ServerlessService,
    lifecycle: ServerlessServiceLifecycle,
    source: Endpoints | undefined,
  ): Promise<void> {
    const {namespace, name} = sks.metadata
    const subsets = resources.servingSubsets(sks, source)
    const existing = this.#endpoints.get(namespace, name)
    if (existing === undefined) {
      lifecycle.markEndpointsNotReady('CreatingPublicEndpoints')
      await this.#client.create(ENDPOINTS, resources.makePublicEndpoints(sks, subsets))
    } else if (!isControlledBy(existing, sks)) {
      lifecycle.markEndpointsNotOwned('Endpoints', name)
      throw new Error(`SKS: ${name} does not own Endpoints: ${name}`)
    } else if (!semanticEqual(existing.subsets, subsets)) {
      await this.#client.update(ENDPOINTS, {...existing, subsets})
    }
  }
}
