import {LEASES} from '../../../api/apps/v1.ts'
import {type Node, NODES} from '../../../api/core/v1.ts'
import {isAlreadyExists} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'
import type {Clock} from '../../../util/clock.ts'
import {type NodeFacts, makeLease, makeNode, makeNodeStatus} from './node.ts'

/**
 * Makes the machine a node of the cluster and answers it. Registering again brings labels and
 * status up to date.
 */
export async function registerNode(client: Client, clock: Clock, facts: NodeFacts): Promise<Node> {
  const wanted = makeNode(facts)
  const node = await createNode(client, wanted)
  return client.updateStatus(NODES, {
    ...node,
    status: makeNodeStatus(facts, node.status, clock.now()),
  })
}

async function createNode(client: Client, wanted: Node): Promise<Node> {
  try {
    return await client.create(NODES, wanted)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    return client.patch(NODES, wanted.metadata, {
      type: 'merge',
      body: {metadata: {labels: wanted.metadata.labels}},
    })
  }
}

/**
 * Takes the lease of a node, once: it says since when the node runs.
 *
 * Differs from upstream, which renews it every ten seconds, because node and API are one process
 * here: whoever can read the lease knows that the node is alive, and an idle cluster writes nothing.
 */
export async function takeLease(client: Client, clock: Clock, node: Node): Promise<void> {
  const wanted = makeLease(node, clock.now())
  const current = await client.find(LEASES, wanted.metadata)
  if (current === undefined) await client.create(LEASES, wanted)
  else await client.update(LEASES, {...current, spec: {...current.spec, ...wanted.spec}})
}
