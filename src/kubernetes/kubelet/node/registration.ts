import {type Lease, LEASES} from '../../../api/apps/v1.ts'
import {type Node, NODES} from '../../../api/core/v1.ts'
import {isAlreadyExists} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'
import {type Clock, sleep} from '../../../util/clock.ts'
import {type NodeFacts, makeLease, makeNode, makeNodeStatus} from './node.ts'

const RENEW_MS = 10_000

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
 * Renews the lease of a node every ten seconds until `signal` aborts. A renewal that fails is
 * reported and tried again at the next one.
 */
export async function renewLease(
  options: {client: Client; clock: Clock; node: Node; onError?: (error: unknown) => void},
  signal: AbortSignal,
): Promise<void> {
  const {client, clock, node} = options
  let known: Lease | undefined
  while (!signal.aborted) {
    try {
      known = await writeLease(client, makeLease(node, clock.now()), known)
    } catch (error) {
      known = undefined
      options.onError?.(error)
    }
    await sleep(clock, RENEW_MS, signal)
  }
}

async function writeLease(client: Client, wanted: Lease, known: Lease | undefined): Promise<Lease> {
  const current = known ?? (await client.find(LEASES, wanted.metadata))
  if (current === undefined) return client.create(LEASES, wanted)
  return client.update(LEASES, {...current, spec: {...current.spec, ...wanted.spec}})
}
