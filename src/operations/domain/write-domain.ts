import {apiVersionOf} from '../../api/meta/resource-type.ts'
import {dns1123SubdomainProblems} from '../../api/name-rules.ts'
import {DOMAIN_MAPPINGS, type DomainMapping} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock} from '../../util/clock.ts'
import {retryOnConflict} from '../retry-on-conflict.ts'
import {parseDomainReference, resolveDomainReference} from './reference.ts'

/** A host name and what it leads to. */
export interface DomainRequest {
  readonly namespace: string
  /** The host name itself. */
  readonly name: string
  /** In the notation of `parseDomainReference`. */
  readonly ref: string
}

/** Maps a host name. `tls` names the Secret with its certificate. */
export async function createDomain(
  client: Client,
  {namespace, name, ref, tls}: DomainRequest & {readonly tls?: string | undefined},
): Promise<DomainMapping> {
  const reference = parseDomainReference(ref, namespace)
  const [problem] = tls ? dns1123SubdomainProblems(tls) : []
  if (problem !== undefined) {
    throw new KntoolError('KN_USAGE', `invalid secret name "${tls}": ${problem}`)
  }
  return client.create(DOMAIN_MAPPINGS, {
    apiVersion: apiVersionOf(DOMAIN_MAPPINGS),
    kind: DOMAIN_MAPPINGS.kind,
    metadata: {name, namespace},
    spec: {
      ref: await resolveDomainReference(client, reference),
      ...(tls && {tls: {secretName: tls}}),
    },
  })
}

/** Maps a host name that is mapped already to something else; its certificate stays. */
export async function updateDomain(
  {client, clock}: {client: Client; clock: Clock},
  {namespace, name, ref}: DomainRequest,
): Promise<DomainMapping> {
  const reference = parseDomainReference(ref, namespace)
  return retryOnConflict(clock, async () => {
    const mapping = await client.get(DOMAIN_MAPPINGS, {namespace, name})
    if (mapping.metadata.deletionTimestamp !== undefined) {
      throw new KntoolError(
        'KN_CONFLICT',
        `can't update domain mapping '${name}' because it has been marked for deletion`,
      )
    }
    const resolved = await resolveDomainReference(client, reference)
    return client.update(DOMAIN_MAPPINGS, {...mapping, spec: {...mapping.spec, ref: resolved}})
  })
}
