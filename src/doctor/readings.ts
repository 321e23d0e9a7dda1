/** What checks read of a cluster. Many look at the same things: each is asked for once. */
import {type Deployment, DEPLOYMENTS, type EndpointSlice, ENDPOINT_SLICES} from '../api/apps/v1.ts'
import {SYSTEM_NAMESPACE} from '../api/config/system-namespace.ts'
import {
  CONFIG_MAPS,
  type ConfigMap,
  CORE_SERVICES,
  type CoreService,
  type Event,
  EVENTS,
  type Namespace,
  NAMESPACES,
  type Node,
  NODES,
  type Pod,
  PODS,
} from '../api/core/v1.ts'
import {CUSTOM_RESOURCE_DEFINITIONS, type CustomResourceDefinition} from '../api/extensions/v1.ts'
import {type Gateway, GATEWAYS} from '../api/istio/v1beta1.ts'
import type {KubeObject} from '../api/meta/object.ts'
import {resourcePath, type ResourceType, resourceType} from '../api/meta/resource-type.ts'
import {hasReason} from '../api/meta/status-error.ts'
import {type KIngress, KINGRESSES} from '../api/networking/v1alpha1.ts'
import {type Service, SERVICES} from '../api/serving/v1.ts'
import type {Client} from '../client/client.ts'
import {RestMapper} from '../client/rest-mapper.ts'
import {GATEWAY} from '../install/gateway/gateway-service.ts'
import {listWebhooks, type WebhookConfiguration} from '../install/ready/webhooks.ts'

/** `autoscaling/v2` HorizontalPodAutoscaler, as far as it tells whether it works. */
export interface PodAutoscaler extends KubeObject {
  status?: {conditions?: {type: string; status: string; reason?: string; message?: string}[]}
}

const POD_AUTOSCALERS = resourceType<PodAutoscaler>(
  'autoscaling/v2',
  'HorizontalPodAutoscaler',
  'horizontalpodautoscalers',
)

/** Reads a cluster, each thing at most once. What is read must not be changed. */
export class Readings {
  readonly client: Client
  readonly #mapper: RestMapper
  readonly #known = new Map<string, Promise<unknown>>()

  constructor(client: Client) {
    this.client = client
    this.#mapper = new RestMapper(client)
  }

  deployments(): Promise<Deployment[]> {
    return this.#list(DEPLOYMENTS)
  }

  pods(): Promise<Pod[]> {
    return this.#list(PODS)
  }

  nodes(): Promise<Node[]> {
    return this.#list(NODES)
  }

  autoscalers(): Promise<PodAutoscaler[]> {
    return this.#listIfServed(POD_AUTOSCALERS)
  }

  namespaces(): Promise<Namespace[]> {
    return this.#list(NAMESPACES)
  }

  endpointSlices(): Promise<EndpointSlice[]> {
    return this.#list(ENDPOINT_SLICES)
  }

  definitions(): Promise<CustomResourceDefinition[]> {
    return this.#list(CUSTOM_RESOURCE_DEFINITIONS)
  }

  services(): Promise<Service[]> {
    return this.#listIfServed(SERVICES)
  }

  gateways(): Promise<Gateway[]> {
    return this.#listIfServed(GATEWAYS)
  }

  coreServices(): Promise<CoreService[]> {
    return this.#list(CORE_SERVICES)
  }

  ingresses(): Promise<KIngress[]> {
    return this.#listIfServed(KINGRESSES)
  }

  /** Events of the namespace of the gateway. */
  gatewayEvents(): Promise<Event[]> {
    return this.#list(EVENTS, GATEWAY.namespace)
  }

  /** ConfigMaps of Knative by name. */
  configMaps(): Promise<Map<string, ConfigMap>> {
    return this.once('configmaps by name', async () => {
      const items = await this.#list(CONFIG_MAPS, SYSTEM_NAMESPACE)
      return new Map(items.map((item) => [item.metadata.name, item]))
    })
  }

  /** The Service of the gateway; undefined where there is none. */
  gateway(): Promise<CoreService | undefined> {
    return this.once('gateway', () => this.client.find(CORE_SERVICES, GATEWAY))
  }

  webhooks(): Promise<WebhookConfiguration[]> {
    return this.once('webhooks', () => listWebhooks({client: this.client}))
  }

  /** All objects of a kind, none where the server does not serve it. */
  async #listIfServed<T extends KubeObject>(type: ResourceType<T>): Promise<T[]> {
    return (await this.serves(type)) ? this.#list(type) : []
  }

  /** The last lines of a pod's log; empty where it has none to show. */
  log({metadata: {namespace, name}}: Pod, tailLines: number): Promise<string> {
    return this.once(`log of ${namespace}/${name}`, async () => {
      const path = resourcePath(PODS, {namespace, name, subresource: 'log'})
      try {
        const query = {tailLines: String(tailLines)}
        const {body} = await this.client.raw({method: 'GET', path, query})
        if (body.kind !== 'bytes') return ''
        const chunks: Uint8Array[] = []
        for await (const chunk of body.chunks) chunks.push(chunk)
        return Buffer.concat(chunks).toString('utf8')
      } catch (error) {
        // A container that has not started has no log, and one may be asked for too late.
        if (hasReason(error, 'BadRequest', 'NotFound')) return ''
        throw error
      }
    })
  }

  /** Whether the server serves a kind. */
  async serves({group, version, kind}: ResourceType): Promise<boolean> {
    const apiVersion = group === '' ? version : `${group}/${version}`
    return (await this.resourceOf({apiVersion, kind})) !== undefined
  }

  /** The resource of a kind; undefined where it is not served. */
  resourceOf(object: Pick<KubeObject, 'apiVersion' | 'kind'>): Promise<ResourceType | undefined> {
    return this.once(`kind ${object.apiVersion} ${object.kind}`, () => this.#mapper.find(object))
  }

  /** Reads something under a name, or answers what was read under it. */
  once<T>(name: string, read: () => Promise<T>): Promise<T> {
    const known = this.#known.get(name) as Promise<T> | undefined
    if (known !== undefined) return known
    const reading = read()
    this.#known.set(name, reading)
    return reading
  }

  #list<T extends KubeObject>(type: ResourceType<T>, namespace?: string): Promise<T[]> {
    return this.once(`${type.plural}.${type.group} in ${namespace ?? 'all'}`, async () => {
      const {items} = await this.client.list(type, {namespace})
      return items
    })
  }
}
