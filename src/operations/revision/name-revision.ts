import {SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {isRole, resolveReference} from '../traffic/references.ts'
import {listRevisions} from './list-revisions.ts'

/**
 * The names of revisions that are given by name or, where `service` says of which Service, by role or
 * tag (see `resolveReference`). Without `service` nothing is asked of the server.
 *
 * Throws `KN_USAGE` for a role without a Service, `KN_NOT_FOUND` for a reference that fits nothing.
 */
export async function nameRevisions(
  client: Client,
  references: readonly string[],
  {namespace, service: name}: {namespace: string; service: string | undefined},
): Promise<string[]> {
  if (name === undefined) {
    const role = references.find(isRole)
    if (role === undefined) return [...references]
    throw new KntoolError('KN_USAGE', `"${role}" needs a service.`, {
      hint: 'Say which with --service NAME',
    })
  }
  const service = await client.get(SERVICES, {namespace, name})
  const revisions = await listRevisions(client, {namespace, service: name})
  return references.map((reference) => {
    const target = resolveReference(reference, service, revisions)
    if (target.kind === 'revision') return target.name
    const latest = service.status?.latestReadyRevisionName
    if (latest !== undefined) return latest
    throw new KntoolError('KN_NOT_FOUND', `Service '${name}' has no ready revision.`, {
      hint: `kntool service describe ${name} -n ${namespace}`,
    })
  })
}
