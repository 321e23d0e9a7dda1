import {CORE_SERVICES, type CoreService, EVENTS} from '../../api/core/v1.ts'
import {explainBalancerEvent} from '../../aws/load-balancer-controller/explain-event.ts'
import {serviceHandler} from '../../aws/load-balancer-controller/service-handler.ts'
import {
  type BalancerVerdict,
  judgeBalancer,
  judgeTargets,
  targetGroupOf,
  targetHint,
} from '../../aws/load-balancers/judge.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {gatewayAddress} from '../gateway/find-gateway.ts'
import {GATEWAY} from '../gateway/gateway-service.ts'
import {newestWarning} from '../ready/pods.ts'
import {defaultDomain} from '../settings.ts'
import type {InstallContext, Poll, Step} from '../step.ts'

const PROBE_TIMEOUT_MS = 5000
const HTTP_PORT = 80

/** Waits for the load balancer of the gateway and looks at it from all sides. */
export const loadBalancerStep: Step = {
  id: 'load-balancer',
  title: 'Load balancer',
  timeout: 'loadBalancerMs',
  pollMs: 5000,
  hint: [
    `kubectl describe service ${GATEWAY.name} -n ${GATEWAY.namespace}`,
    'kntool doctor --only load-balancer,aws',
  ],
  async check({target, settings}) {
    if (target === 'embedded') {
      return {
        state: 'skipped',
        reason: 'no AWS here: the gateway of the embedded cluster listens on this machine',
      }
    }
    if (settings.loadBalancer.kind === 'none') {
      return {state: 'skipped', reason: '--load-balancer none: reachable within the cluster only'}
    }
    if (!settings.wait) return {state: 'skipped', reason: '--no-wait'}
    return {state: 'done'}
  },
  async plan({settings}) {
    if (settings.loadBalancer.kind !== 'nlb') return {changes: []}
    const reads = ['DescribeLoadBalancers', 'DescribeListeners', 'DescribeTargetHealth']
    return {
      changes: reads.map((operation) => ({
        action: 'call',
        object: `elasticloadbalancing:${operation}`,
        detail: 'reads only',
      })),
    }
  },
  apply: async () => undefined,
  async observe(context) {
    const service = await context.client.get(CORE_SERVICES, GATEWAY)
    const address = gatewayAddress(service)
    if (address === undefined) return waitingForAddress(service, context)
    context.note({loadBalancer: address})
    const verdict = await lookAtBalancer(address, context)
    if (!verdict.done) return verdict
    return answers(address, context)
  },
}

async function waitingForAddress(service: CoreService, context: InstallContext): Promise<Poll> {
  const handler = serviceHandler(service)
  if (context.settings.loadBalancer.kind === 'nlb' && handler === 'nobody') {
    throw new KntoolError(
      'KN_NOT_READY',
      `Nobody makes a load balancer for ${GATEWAY.namespace}/${GATEWAY.name}: aws-load-balancer-type=external needs aws-load-balancer-nlb-target-type.`,
      {hint: 'Run install again: it adds what is missing.'},
    )
  }
  const {items} = await context.client.list(EVENTS, {namespace: GATEWAY.namespace})
  const warning = newestWarning(items, (name) => name === GATEWAY.name)
  return {
    done: false,
    waitingFor: `an address of ${GATEWAY.namespace}/${GATEWAY.name}`,
    ...(warning !== undefined && {warning: withHint(warning)}),
  }
}

function withHint(warning: string): string {
  const explanation = explainBalancerEvent(warning)
  return explanation === undefined ? warning : `${warning}. ${explanation.hint}`
}

/** The cloud's view. Where AWS cannot be asked, the request that follows has to do. */
async function lookAtBalancer(address: string, context: InstallContext): Promise<Poll> {
  const {loadBalancer} = context.settings
  if (loadBalancer.kind !== 'nlb') return {done: true}
  try {
    const elb = await context.aws.loadBalancers()
    const balancer = await elb.findByHostname(address)
    if (balancer === undefined) {
      return {done: false, waitingFor: `AWS to know ${address}`}
    }
    const verdict = toPoll(judgeBalancer(balancer, loadBalancer.nlb))
    if (!verdict.done) return verdict
    const group = targetGroupOf(await elb.listeners(balancer.arn), HTTP_PORT)
    if (group === undefined) return {done: false, waitingFor: `a listener on port ${HTTP_PORT}`}
    const targets = await elb.targetHealth(group)
    const health = toPoll(judgeTargets(targets))
    const hint = targetHint(targets)
    return health.done || hint === undefined ? health : {...health, warning: hint}
  } catch (error) {
    if (!(error instanceof KntoolError) || error.code === 'KN_NOT_READY') throw error
    context.note({warnings: [`The load balancer is not verified at AWS: ${error.message}`]})
    return {done: true}
  }
}

function toPoll(verdict: BalancerVerdict): Poll {
  switch (verdict.state) {
    case 'ready':
      return {done: true}
    case 'waiting':
      return {done: false, waitingFor: verdict.for}
    case 'wrong':
      throw new KntoolError(
        'KN_NOT_READY',
        `The load balancer is not as wanted: ${verdict.problem}.`,
        {
          hint: [
            'See what a change would do: kntool install plan',
            `kubectl describe service ${GATEWAY.name} -n ${GATEWAY.namespace}`,
          ],
        },
      )
  }
}

/** Whether the gateway answers through the load balancer: with 404, as long as nobody has a route. */
async function answers(address: string, context: InstallContext): Promise<Poll> {
  const {loadBalancer} = context.settings
  if (loadBalancer.kind === 'nlb' && loadBalancer.nlb.scheme === 'internal') return {done: true}
  const url = `http://kntool-probe.${defaultDomain(context.settings)}/`
  try {
    const {headers, status} = await context.probe(url, {
      route: {kind: 'host', host: address},
      timeoutMs: PROBE_TIMEOUT_MS,
    })
    if ((headers['server'] ?? '').includes('envoy')) return {done: true}
    return {
      done: false,
      waitingFor: `the gateway behind ${address}; who answers (${status}) is ${headers['server'] ?? 'unknown'}`,
    }
  } catch (error) {
    if (!(error instanceof KntoolError)) throw error
    return {done: false, waitingFor: `an answer from ${address}`, warning: error.message}
  }
}
