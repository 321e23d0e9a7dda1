import {ENDPOINT_SLICES, type EndpointSlice} from '../../api/apps/v1.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import {resourceType} from '../../api/meta/resource-type.ts'
import type {InstallContext, Poll} from '../step.ts'
import {SERVICE_NAME_LABEL} from '../../api/meta/well-known.ts'

/** A webhook configuration, as far as its readiness goes. */
export interface WebhookConfiguration extends KubeObject {
  webhooks?: {
    name: string
    clientConfig?: {
      caBundle?: string
      service?: {namespace: string; name: string}
    }
  }[]
}

const MUTATING = resourceType<WebhookConfiguration>(
  'admissionregistration.k8s.io/v1',
  'MutatingWebhookConfiguration',
  'mutatingwebhookconfigurations',
  'cluster',
)
const VALIDATING = resourceType<WebhookConfiguration>(
  'admissionregistration.k8s.io/v1',
  'ValidatingWebhookConfiguration',
  'validatingwebhookconfigurations',
  'cluster',
)

/** All webhook configurations of a cluster. */
export async function listWebhooks({
  client,
}: Pick<InstallContext, 'client'>): Promise<WebhookConfiguration[]> {
  const lists = await Promise.all([client.list(MUTATING), client.list(VALIDATING)])
  return lists.flatMap(({items}) => items)
}

/**
 * Whether the webhooks among `objects` answer: each has a ready address behind its Service, and the
 * certificate by which the API server trusts it. A pod that runs is not enough.
 *
 * On the embedded cluster the API server does the webhooks' work itself.
 */
export async function webhooksReady(
  context: Pick<InstallContext, 'client' | 'target'>,
  objects: readonly KubeObject[],
): Promise<Poll> {
  if (context.target === 'embedded') return {done: true}
  const names = objects
    .filter(({kind}) => kind.endsWith('WebhookConfiguration'))
    .map(({metadata}) => metadata.name)
  if (names.length === 0) return {done: true}
  const live = await listWebhooks(context)
  const configurations = live.filter(({metadata}) => names.includes(metadata.name))
  const services = servicesOf(configurations)
  const slices = await Promise.all(
    services.map(({namespace, name}) =>
      context.client.list(ENDPOINT_SLICES, {
        namespace,
        labelSelector: `${SERVICE_NAME_LABEL}=${name}`,
      }),
    ),
  )
  return judgeWebhooks(
    names,
    configurations,
    slices.flatMap(({items}) => items),
  )
}

/** Whether the configurations called `names` are ready, by what there is. */
export function judgeWebhooks(
  names: readonly string[],
  configurations: readonly WebhookConfiguration[],
  slices: readonly EndpointSlice[],
): Poll {
  for (const name of names) {
    const configuration = configurations.find(({metadata}) => metadata.name === name)
    if (configuration === undefined) {
      return {done: false, waitingFor: `the webhook configuration ${name} to be there`}
    }
    for (const service of servicesOf([configuration])) {
      const {ready, total} = countEndpoints(slices, service)
      if (ready === 0) {
        return {
          done: false,
          waitingFor: `a ready address behind the Service ${service.namespace}/${service.name} (${ready} of ${total})`,
        }
      }
    }
    if (configuration.webhooks?.some(({clientConfig}) => !clientConfig?.caBundle)) {
      return {done: false, waitingFor: `the certificate of the webhook ${name}`}
    }
  }
  return {done: true}
}

/** Ready and all addresses behind a Service. */
export function countEndpoints(
  slices: readonly EndpointSlice[],
  service: {readonly namespace: string; readonly name: string},
): {ready: number; total: number} {
  const endpoints = slices
    .filter(
      ({metadata}) =>
        metadata.namespace === service.namespace &&
        metadata.labels?.[SERVICE_NAME_LABEL] === service.name,
    )
    .flatMap((slice) => slice.endpoints)
  // An endpoint that does not say is ready.
  const ready = endpoints.filter(({conditions}) => conditions?.ready !== false).length
  return {ready, total: endpoints.length}
}

function servicesOf(
  configurations: readonly WebhookConfiguration[],
): {namespace: string; name: string}[] {
  const services = configurations.flatMap(({webhooks = []}) =>
    webhooks.flatMap(({clientConfig}) => clientConfig?.service ?? []),
  )
  const unique = new Map(
    services.map(({namespace, name}) => [`${namespace}/${name}`, {namespace, name}]),
  )
  return [...unique.values()]
}
