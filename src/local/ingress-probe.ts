import {
  HASH_HEADER,
  HASH_OVERRIDE,
  INGRESS_USER_AGENT,
  PROBE_HEADER,
  PROBE_VALUE,
} from '../api/networking/headers.ts'
import type {ClusterNetwork} from '../http/cluster-network.ts'
import {callHandler} from '../http/in-process.ts'
import type {ProbeTarget} from '../istio/net-istio/probe-targets.ts'

/**
 * Whether every one of the gateways' pods leads the hosts by the version of a KIngress that has
 * `hash`.
 *
 * It asks as net-istio does: a request that passes the override route comes back with the hash that
 * the route sets, but only if a pod or the activator behind it answers.
 */
export async function probeIngress(
  network: ClusterNetwork,
  targets: readonly ProbeTarget[],
  hash: string,
): Promise<boolean> {
  const answers = await Promise.all(targets.map((target) => probePod(network, target, hash)))
  return answers.every(Boolean)
}

async function probePod(
  network: ClusterNetwork,
  {host, podIp, podPort}: ProbeTarget,
  hash: string,
): Promise<boolean> {
  const handler = network.dial(podIp, podPort)
  if (handler === undefined) return false
  const response = await callHandler(handler, {
    host,
    path: '/healthz',
    headers: {
      'user-agent': INGRESS_USER_AGENT,
      [PROBE_HEADER]: PROBE_VALUE,
      [HASH_HEADER]: HASH_OVERRIDE,
    },
  })
  response.body.destroy()
  return response.status === 200 && response.headers.get(HASH_HEADER) === hash
}
