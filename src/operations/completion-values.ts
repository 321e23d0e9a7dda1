import {NAMESPACES, SECRETS} from '../api/core/v1.ts'
import type {KubeObject} from '../api/meta/object.ts'
import type {ResourceType} from '../api/meta/resource-type.ts'
import {DOMAIN_MAPPINGS, type Revision, ROUTES, type Service, SERVICES} from '../api/serving/v1.ts'
import type {Client} from '../client/client.ts'
import {USER_IMAGE_ANNOTATION} from './names.ts'
import {generationOf, listRevisions} from './revision/list-revisions.ts'

/** A value somebody may be about to type. */
export interface CompletionValue {
  readonly value: string
  readonly description?: string | undefined
}

/** Where values are looked for. */
export interface CompletionScope {
  readonly namespace: string
  /** The Service whose revisions and tags are meant, if one is named. */
  readonly service: string | undefined
}

/** No list for a person is longer. */
const LIMIT = 500

/** Names of the objects of a kind. */
async function namesOf<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  namespace: string | undefined,
): Promise<CompletionValue[]> {
  const {items} = await client.list(type, {namespace, limit: LIMIT})
  return items.map(({metadata}) => ({value: metadata.name}))
}

/** What can be asked of a cluster, one or two lists each. */
export const CLUSTER_VALUES = {
  namespaces: (client) => namesOf(client, NAMESPACES, undefined),
  secrets: (client, {namespace}) => namesOf(client, SECRETS, namespace),
  routes: (client, {namespace}) => namesOf(client, ROUTES, namespace),
  domains: (client, {namespace}) => namesOf(client, DOMAIN_MAPPINGS, namespace),
  async services(client, {namespace}) {
    const {items} = await client.list(SERVICES, {namespace, limit: LIMIT})
    return items.map(({metadata, status}) => ({value: metadata.name, description: status?.url}))
  },
  async revisions(client, {namespace, service}) {
    return (await listRevisions(client, {namespace, service})).map(describeRevision)
  },
  async images(client, {namespace}) {
    const revisions = await listRevisions(client, {namespace})
    return [...new Set(revisions.flatMap(imagesOf))].map((value) => ({value}))
  },
  async tags(client, scope) {
    return tagsOf(await findServices(client, scope))
  },
  async references(client, scope) {
    const revisions = await listRevisions(client, scope)
    return [
      {value: '@latest', description: 'the latest ready revision'},
      {value: '@prev', description: 'the ready one before it'},
      ...tagsOf(await findServices(client, scope)),
      ...revisions.map(describeRevision),
    ]
  },
} as const satisfies Record<
  string,
  (client: Client, scope: CompletionScope) => Promise<CompletionValue[]>
>

async function findServices(
  client: Client,
  {namespace, service}: CompletionScope,
): Promise<readonly Service[]> {
  if (service === undefined) return (await client.list(SERVICES, {namespace, limit: LIMIT})).items
  const found = await client.find(SERVICES, {namespace, name: service})
  return found === undefined ? [] : [found]
}

function tagsOf(services: readonly Service[]): CompletionValue[] {
  return services.flatMap(({spec, status}) =>
    (status?.traffic ?? spec.traffic ?? []).flatMap(({tag, revisionName}) =>
      tag ? [{value: tag, description: revisionName}] : [],
    ),
  )
}

function describeRevision(revision: Revision): CompletionValue {
  const generation = generationOf(revision)
  const [image] = imagesOf(revision)
  const parts = [...(generation === undefined ? [] : [`generation ${generation}`]), image ?? '']
  return {value: revision.metadata.name, description: parts.filter(Boolean).join(', ')}
}

// As the user wrote it: the template may have the digest only.
function imagesOf({metadata, spec}: Revision): string[] {
  const written = metadata.annotations?.[USER_IMAGE_ANNOTATION]
  if (written) return [written]
  return spec.containers.flatMap(({image}) => (image ? [image] : []))
}
