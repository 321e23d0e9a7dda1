/** What the answers of Elastic Load Balancing mean for the gateway. */
import type {Listener, LoadBalancer, TargetHealth} from './load-balancers.ts'

/** The tags by which the AWS Load Balancer Controller knows its own. */
const TAGS = {
  cluster: 'elbv2.k8s.aws/cluster',
  stack: 'service.k8s.aws/stack',
  resource: 'service.k8s.aws/resource',
} as const

/** Whose a load balancer may be. */
export interface ExpectedOwner {
  /** The name by which the controller knows the cluster; undefined where nobody knows it. */
  readonly cluster: string | undefined
  /** `istio-system/istio-ingressgateway`. */
  readonly stack: string
}

/**
 * Why a load balancer of the wanted name is somebody else's; undefined if it is ours.
 *
 * It has to be asked first: AWS takes a second creation under a name for a repetition of the first,
 * and the controller would take the other cluster's load balancer over without a word.
 */
export function foreignOwner(
  tags: Readonly<Record<string, string>>,
  expected: ExpectedOwner,
): string | undefined {
  const cluster = tags[TAGS.cluster]
  const stack = tags[TAGS.stack]
  if (cluster === undefined || tags[TAGS.resource] !== 'LoadBalancer') {
    return 'no controller of a cluster made it'
  }
  if (expected.cluster !== undefined && cluster !== expected.cluster) {
    return `it belongs to the cluster ${cluster}`
  }
  if (stack !== expected.stack) return `it belongs to the Service ${stack} of ${cluster}`
  return undefined
}

/** How a load balancer stands to what is wanted. */
export type BalancerVerdict =
  | {readonly state: 'ready'}
  | {readonly state: 'waiting'; readonly for: string}
  | {readonly state: 'wrong'; readonly problem: string}

/** How a load balancer was asked for. */
export interface WantedBalancer {
  readonly scheme: string
  /** Ids or names; only ids can be compared. */
  readonly subnets: readonly string[]
}

/** Whether a load balancer is what was asked for, and works. */
export function judgeBalancer(balancer: LoadBalancer, wanted: WantedBalancer): BalancerVerdict {
  const {name, type, scheme, state, stateReason, zones} = balancer
  if (type !== 'network') {
    return {state: 'wrong', problem: `${name} is of type ${type}, not an NLB`}
  }
  if (scheme !== wanted.scheme) {
    return {state: 'wrong', problem: `${name} is ${scheme}, wanted ${wanted.scheme}`}
  }
  if (state === 'failed') {
    return {state: 'wrong', problem: `${name} failed: ${stateReason ?? 'AWS gives no reason'}`}
  }
  // Impaired: it works, and AWS has trouble to scale it.
  if (state === 'active' || state === 'active_impaired') {
    const missing = wanted.subnets.filter(
      (subnet) => subnet.startsWith('subnet-') && !zones.some((zone) => zone.subnet === subnet),
    )
    return missing.length === 0
      ? {state: 'ready'}
      : {state: 'waiting', for: `the NLB ${name} to be in ${missing.join(', ')}`}
  }
  const why = stateReason === undefined ? '' : ` (${stateReason})`
  return {state: 'waiting', for: `the NLB ${name} to be active; it is ${state}${why}`}
}

/** The target group behind a port. */
export function targetGroupOf(listeners: readonly Listener[], port: number): string | undefined {
  return listeners.find((listener) => listener.port === port)?.targetGroups[0]
}

/**
 * Whether the targets of port 80 answer.
 *
 * One healthy target is enough: with `externalTrafficPolicy: Local` only nodes with a gateway pod
 * ever are. Port 443 says nothing: its targets are unhealthy until somebody configures TLS.
 */
export function judgeTargets(targets: readonly TargetHealth[]): BalancerVerdict {
  const healthy = targets.filter(({state}) => state === 'healthy').length
  if (healthy > 0) return {state: 'ready'}
  if (targets.length === 0) {
    return {state: 'waiting', for: 'targets behind port 80; there are none yet'}
  }
  return {
    state: 'waiting',
    for: `a healthy target behind port 80 (0 of ${targets.length}): ${summarizeTargets(targets)}`,
  }
}

/** `2 × Target.Timeout: Request timed out, 1 × Elb.InitialHealthChecking`. */
function summarizeTargets(targets: readonly TargetHealth[]): string {
  const counts = new Map<string, number>()
  for (const {state, reason, description} of targets) {
    if (state === 'healthy') continue
    const text = [reason ?? state, description].filter((part) => part !== undefined).join(': ')
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].map(([text, count]) => `${count} × ${text}`).join(', ')
}

/** What to do about targets that do not answer, by the reason AWS gives. */
export function targetHint(targets: readonly TargetHealth[]): string | undefined {
  const reasons = new Set(targets.map(({reason}) => reason))
  if (reasons.has('Target.NotInUse')) {
    return 'Nodes are in zones the load balancer is not in: give a subnet of each zone: --subnets a,b'
  }
  if (reasons.has('Target.Timeout')) {
    return 'The security group of the nodes does not let the load balancer in.'
  }
  if (reasons.has('Target.FailedHealthChecks')) {
    return 'The gateway does not listen: is net-istio there? kubectl get gateway -n knative-serving'
  }
  return undefined
}
