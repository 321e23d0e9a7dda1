/** Who else uses the Istio of a cluster. */
import {ISTIO_NAMESPACE, SYSTEM_NAMESPACE} from '../api/config/system-namespace.ts'
import {type Namespace, NAMESPACES} from '../api/core/v1.ts'
import {GATEWAYS, VIRTUAL_SERVICES} from '../api/istio/v1beta1.ts'
import type {KubeObject} from '../api/meta/object.ts'
import type {ResourceType} from '../api/meta/resource-type.ts'
import {StatusError} from '../api/meta/status-error.ts'
import type {Client} from '../client/client.ts'

/** Objects of Istio that are not of Knative, and namespaces whose pods get a sidecar. */
export async function istioUsers(client: Client): Promise<string[]> {
  const [services, gateways, namespaces] = await Promise.all([
    listServed(client, VIRTUAL_SERVICES),
    listServed(client, GATEWAYS),
    client.list(NAMESPACES),
  ])
  return [
    ...services.filter(isForeign).map((object) => nameOf('VirtualService', object)),
    ...gateways.filter(isForeign).map((object) => nameOf('Gateway', object)),
    ...namespaces.items.filter(injectsSidecars).map(({metadata}) => `Namespace ${metadata.name}`),
  ]
}

// Knative labels what it makes, and its release what it brings.
function isForeign({metadata}: KubeObject): boolean {
  const keys = [...Object.keys(metadata.labels ?? {}), ...Object.keys(metadata.annotations ?? {})]
  return !keys.some((key) => key.split('/')[0]?.endsWith('knative.dev'))
}

const OWN_NAMESPACES = new Set([SYSTEM_NAMESPACE, ISTIO_NAMESPACE])

function injectsSidecars({metadata}: Namespace): boolean {
  if (OWN_NAMESPACES.has(metadata.name)) return false
  const {'istio-injection': injection, 'istio.io/rev': revision} = metadata.labels ?? {}
  return injection === 'enabled' || revision !== undefined
}

function nameOf(kind: string, {metadata}: KubeObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`
}

async function listServed<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
): Promise<T[]> {
  try {
    return (await client.list(type)).items
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return []
    throw error
  }
}
