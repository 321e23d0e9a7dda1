import {CORE_SERVICES, type CoreService} from '../../api/core/v1.ts'
import {NLB_ANNOTATIONS} from '../../aws/load-balancer-controller/annotations.ts'
import {CLOUD_PROVIDER_FINALIZER} from '../../aws/load-balancer-controller/service-handler.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {applyOne} from '../apply/apply-release.ts'
import {checkName, nameTaken} from '../gateway/check-name.ts'
import {gatewayAddress, lookAtGateway} from '../gateway/find-gateway.ts'
import {type GatewayDecision, needsMigration, riskyChanges} from '../gateway/gateway-changes.ts'
import {GATEWAY} from '../gateway/gateway-service.ts'
import {planObject} from '../plan/plan-objects.ts'
import type {InstallContext, PlannedChange, Poll, Step} from '../step.ts'
import {undoGateway} from '../undo/remove-gateway.ts'
import {waitUntil} from '../wait-until.ts'

const OBJECT = `service/${GATEWAY.name}`

/**
 * The Service of the gateway, with everything its load balancer has to know before it is made. It
 * comes before the pods, so that the load balancer is made meanwhile.
 */
export const gatewayStep: Step = {
  id: 'gateway',
  title: 'Service of the gateway',
  check: async () => ({state: 'needed'}),
  async risks(context) {
    const {decision} = await lookAtGateway(context)
    return riskyChanges(decision).map(
      ({field, from, to, explanation = ''}) =>
        `${OBJECT}: ${shortName(field)} changes from "${from}" to "${to}": ${explanation}.`,
    )
  },
  async plan(context) {
    const {live, decision} = await lookAtGateway(context)
    // The server refuses the class of a Service that keeps its type, even to try it.
    const planBy = needsMigration(decision, live) ? 'client' : context.planBy
    const object = await planObject(decision.service, {...context, planBy}, {force: true})
    const details = decision.changes.map(
      ({field, from, to, effect, explanation}) =>
        `${shortName(field)}: "${from}" → "${to}" (${effect}${explanation === undefined ? '' : `: ${explanation}`})`,
    )
    const warnings = [...decision.warnings]
    const calls: PlannedChange[] = []
    const name = newName(decision, live)
    if (name !== undefined) {
      calls.push(
        call('DescribeLoadBalancers', `reads only: is the name ${name} free?`),
        call('DescribeTags', 'reads only: whose is it?'),
      )
      const verdict = await checkName(name, context)
      if (verdict.state === 'taken') warnings.push(nameTaken(name, verdict.by).message)
      if (verdict.state === 'unknown') warnings.push(unchecked(name, verdict.why))
    }
    return {
      changes: [{...object, ...(details.length > 0 && {detail: details.join('; ')})}, ...calls],
      warnings,
    }
  },
  async apply(context) {
    const {live, decision} = await lookAtGateway(context)
    for (const warning of decision.warnings) context.progress(warning)
    const name = newName(decision, live)
    if (name !== undefined) await requireName(name, context)
    if (live !== undefined && needsMigration(decision, live)) await letGo(live, context)
    // A run that was stopped meanwhile: what it let go may still be there.
    else if (live !== undefined && isLetGo(live)) await waitForOldBalancer(context)
    if (live !== undefined && decision.removals.length > 0) {
      await removeAnnotations(decision.removals, context)
    }
    await applyNamespace(context)
    await applyOne(decision.service, context, {force: true})
  },
  async observe(context) {
    const service = await context.client.find(CORE_SERVICES, GATEWAY)
    return service === undefined
      ? {done: false, waitingFor: `the Service ${GATEWAY.name} to be there`}
      : {done: true}
  },
  undo: undoGateway,
}

/** The name a load balancer is about to get; undefined where none will be made. */
function newName({service}: GatewayDecision, live: CoreService | undefined): string | undefined {
  if (gatewayAddress(live) !== undefined) return undefined
  return service.metadata.annotations?.[NLB_ANNOTATIONS.name]
}

async function requireName(name: string, context: InstallContext): Promise<void> {
  const verdict = await checkName(name, context)
  if (verdict.state === 'taken') throw nameTaken(name, verdict.by)
  if (verdict.state === 'unknown') {
    context.note({warnings: [unchecked(name, verdict.why)]})
    context.progress(unchecked(name, verdict.why))
  }
}

function unchecked(name: string, why: string): string {
  return `Whether another cluster has a load balancer "${name}" is unchecked: ${why}`
}

/**
 * Makes the cloud provider delete its load balancer. Only then may the Service get the type of the
 * other controller: after that, nobody would delete the old one.
 */
async function letGo(live: CoreService, context: InstallContext): Promise<void> {
  const address = gatewayAddress(live)
  context.progress(`the old load balancer ${address ?? ''} is deleted`)
  await context.client.patch(CORE_SERVICES, GATEWAY, {
    type: 'merge',
    body: {
      metadata: {annotations: {[NLB_ANNOTATIONS.type]: null}},
      spec: {type: 'ClusterIP'},
    },
  })
  await waitForOldBalancer(context)
}

/** Whether the cloud provider has been told to delete its load balancer, and is not done yet. */
function isLetGo({metadata, spec}: CoreService): boolean {
  const held = metadata.finalizers?.includes(CLOUD_PROVIDER_FINALIZER) ?? false
  return held && spec.type !== 'LoadBalancer'
}

async function waitForOldBalancer(context: InstallContext): Promise<void> {
  await waitUntil(() => oldBalancerGone(context), {
    clock: context.clock,
    signal: context.signal,
    timeoutMs: context.settings.timeouts.loadBalancerMs,
    hint: `kubectl describe service ${GATEWAY.name} -n ${GATEWAY.namespace}`,
    onWaiting: ({waitingFor}) => context.progress(`waiting for ${waitingFor}`),
  })
}

async function oldBalancerGone({client}: InstallContext): Promise<Poll> {
  const service = await client.get(CORE_SERVICES, GATEWAY)
  const held = service.metadata.finalizers?.includes(CLOUD_PROVIDER_FINALIZER) ?? false
  const address = gatewayAddress(service)
  if (address === undefined && !held) return {done: true}
  return {
    done: false,
    waitingFor: `the cloud provider to delete ${address ?? 'its load balancer'}`,
  }
}

async function removeAnnotations(
  keys: readonly string[],
  {client, progress}: InstallContext,
): Promise<void> {
  progress(`removing ${keys.map(shortName).join(', ')}`)
  await client.patch(CORE_SERVICES, GATEWAY, {
    type: 'merge',
    body: {metadata: {annotations: Object.fromEntries(keys.map((key) => [key, null]))}},
  })
}

async function applyNamespace(context: InstallContext): Promise<void> {
  const namespace = (await context.manifests.load('istio')).find(
    ({kind, metadata}) => kind === 'Namespace' && metadata.name === GATEWAY.namespace,
  )
  if (namespace === undefined) {
    throw new KntoolError(
      'KN_CONFIG_INVALID',
      `istio.yaml of ${context.manifests.description} has no Namespace ${GATEWAY.namespace}.`,
    )
  }
  await applyOne(namespace, context)
}

function call(operation: string, detail: string): PlannedChange {
  return {action: 'call', object: `elasticloadbalancing:${operation}`, detail}
}

function shortName(field: string): string {
  return field.replace(/^service\.beta\.kubernetes\.io\//, '')
}
