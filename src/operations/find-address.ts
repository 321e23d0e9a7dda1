import {type Revision, REVISIONS, type Service} from '../api/serving/v1.ts'
import type {Client} from '../client/client.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {nameRevisions} from './revision/name-revision.ts'
import {isRole} from './traffic/references.ts'

/** Where a Service, or one of its revisions, answers. */
export interface Address {
  readonly url: string
  /** The only revision that answers there, if there is only one. */
  readonly revision: string | undefined
}

/** Which revision of a Service is meant; without both, whichever its traffic goes to. */
export interface AddressChoice {
  readonly tag?: string | undefined
  /** See `resolveReference`. It needs a tag, by which alone the gateway knows it. */
  readonly revision?: string | undefined
}

/**
 * The URL of a Service, or of one of its revisions.
 *
 * Throws `KN_NOT_READY` while it has none, `KN_NOT_FOUND` for a tag or revision there is not.
 */
export async function findAddress(
  client: Client,
  service: Service,
  choice: AddressChoice,
): Promise<Address> {
  if (choice.tag !== undefined) return addressOfTag(service, choice.tag)
  if (choice.revision !== undefined) return addressOfRevision(client, service, choice.revision)
  const {name, namespace = ''} = service.metadata
  const {url, traffic = []} = service.status ?? {}
  if (url === undefined) {
    throw new KntoolError('KN_NOT_READY', `Service '${name}' has no URL yet.`, {
      hint: `kntool service describe ${name} -n ${namespace}`,
    })
  }
  const [only] = traffic.filter(({percent = 0}) => percent > 0)
  return {url, revision: only?.percent === 100 ? only.revisionName : undefined}
}

function addressOfTag({metadata, status}: Service, tag: string): Address {
  const traffic = status?.traffic ?? []
  const target = traffic.find((candidate) => candidate.tag === tag)
  if (target?.url !== undefined) return {url: target.url, revision: target.revisionName}
  const tags = traffic.flatMap((candidate) => (candidate.tag ? [candidate.tag] : []))
  throw new KntoolError('KN_NOT_FOUND', `Service '${metadata.name}' has no tag "${tag}".`, {
    hint: `Tags: ${tags.join(', ') || 'none'}`,
    details: {tags},
  })
}

async function addressOfRevision(
  client: Client,
  {metadata, status}: Service,
  reference: string,
): Promise<Address> {
  const {name: service, namespace = ''} = metadata
  const of = {namespace, service: isRole(reference) ? service : undefined}
  const [name = ''] = await nameRevisions(client, [reference], of)
  const target = status?.traffic?.find(
    ({revisionName, url}) => revisionName === name && url !== undefined,
  )
  if (target?.url !== undefined) return {url: target.url, revision: name}
  await client.get<Revision>(REVISIONS, {namespace, name})
  throw new KntoolError('KN_FAILED', `Revision '${name}' has no URL of its own.`, {
    hint: `Give it a tag: kntool traffic tag ${service} ${name}=try`,
  })
}
