import {
  HASH_HEADER,
  HASH_OVERRIDE,
  INGRESS_USER_AGENT,
  PROBE_HEADER,
  PROBE_VALUE,
} from '../api/networking/headers.ts'
import type {IngressRule, KIngress} from '../api/networking/v1alpha1.ts'
import {callHandler} from '../http/in-process.ts'
import type {IngressGateway} from '../istio/gateway/gateway.ts'

const PUBLIC_PORT = 80
const LOCAL_PORT = 8081

/**
 * Whether every gateway leads the hosts of a KIngress by the version that has `hash`.
 *
 * It asks as net-istio does: a request that passes the override route comes back with the hash that
 * the route sets, but only if a pod or the activator behind it answers.
 */
export async function probeIngress(
  gateways: readonly IngressGateway[],
  ingress: KIngress,
  hash: string,
): Promise<boolean> {
  if (gateways.length === 0) return false
  // A gateway that only redirects to HTTPS cannot show which version it follows: net-istio leaves
  // those out too.
  const redirects = ingress.spec.httpOption === 'Redirected'
  const rules = (ingress.spec.rules ?? []).filter(
    ({visibility}) => visibility === 'ClusterLocal' || !redirects,
  )
  const answers = await Promise.all(
    gateways.flatMap((gateway) => rules.map((rule) => probeRule(gateway, rule, hash))),
  )
  return answers.every(Boolean)
}

async function probeRule(
  gateway: IngressGateway,
  rule: IngressRule,
  hash: string,
): Promise<boolean> {
  const [host] = rule.hosts ?? []
  if (host === undefined) return true
  const port = rule.visibility === 'ClusterLocal' ? LOCAL_PORT : PUBLIC_PORT
  const response = await callHandler(gateway.handlerFor(port), {
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
