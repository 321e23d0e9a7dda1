import {ROUTING_STATE_LABEL} from '../../api/serving/metadata-keys.ts'
import type {Client} from '../../client/client.ts'
import {listRevisions, type RevisionFilter} from './list-revisions.ts'

/** Names of the revisions no route refers to, in the order of `revision list`. */
export async function unreferencedRevisions(
  client: Client,
  filter: RevisionFilter,
): Promise<string[]> {
  const revisions = await listRevisions(client, filter)
  return revisions
    .filter(({metadata: {labels}}) => labels?.[ROUTING_STATE_LABEL] !== 'active')
    .map(({metadata}) => metadata.name)
}
