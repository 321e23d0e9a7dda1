/** The Service of the gateway and its load balancer. */
import {DEPLOYMENTS} from '../../api/apps/v1.ts'
import {CORE_SERVICES, type CoreService, EVENTS} from '../../api/core/v1.ts'
import {isNotFound} from '../../api/meta/status-error.ts'
import {findController} from '../../aws/load-balancer-controller/find-controller.ts'
import {
  CLOUD_PROVIDER_FINALIZER,
  serviceHandler,
} from '../../aws/load-balancer-controller/service-handler.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {gatewayAddress} from '../gateway/find-gateway.ts'
import {GATEWAY} from '../gateway/gateway-service.ts'
import {newestWarning} from '../ready/pods.ts'
import {readState} from '../state.ts'
import type {InstallContext, Poll, Undo} from '../step.ts'

const OBJECT = `service/${GATEWAY.name}`

/**
 * Deletes the Service of the gateway while whoever made its load balancer is there to delete it, and
 * waits until AWS does not know the load balancer any more.
 */
export const undoGateway: Undo = {
  async plan(context) {
    const service = await context.client.find(CORE_SERVICES, GATEWAY)
    if (service === undefined) return {changes: []}
    const address = gatewayAddress(service)
    const asksAws = address !== undefined && context.settings.loadBalancer.kind === 'nlb'
    return {
      changes: [
        {
          action: 'delete',
          object: OBJECT,
          ...(address !== undefined && {detail: `and its load balancer ${address}`}),
        },
        ...(asksAws
          ? [
              {
                action: 'call',
                object: 'elasticloadbalancing:DescribeLoadBalancers',
                detail: 'reads only, until it is gone',
              } as const,
            ]
          : []),
      ],
    }
  },
  async apply(context) {
    const service = await context.client.find(CORE_SERVICES, GATEWAY)
    if (service === undefined) return
    await requireController(service, context)
    await context.client.delete(CORE_SERVICES, GATEWAY).catch((error: unknown) => {
      if (!isNotFound(error)) throw error
    })
  },
  async observe(context) {
    const service = await context.client.find(CORE_SERVICES, GATEWAY)
    return service === undefined ? balancerGone(context) : heldService(service, context)
  },
}

/** Without the controller the Service would hang on its finalizer, and the load balancer be billed on. */
async function requireController(
  service: CoreService,
  {client}: Pick<InstallContext, 'client'>,
): Promise<void> {
  if (serviceHandler(service) !== 'load-balancer-controller') return
  if ((service.metadata.finalizers ?? []).length === 0) return
  const controller = findController((await client.list(DEPLOYMENTS)).items)
  if (controller !== undefined && controller.available > 0) return
  throw new KntoolError(
    'KN_NOT_READY',
    `Nobody would delete the load balancer ${gatewayAddress(service) ?? ''} of ${GATEWAY.namespace}/${GATEWAY.name}: ` +
      (controller === undefined
        ? 'there is no AWS Load Balancer Controller in the cluster.'
        : `${controller.namespace}/${controller.name} has no available pod.`),
    {
      hint: [
        'Bring the controller back, then run uninstall again: it goes on here.',
        'kubectl get deployments -A -l app.kubernetes.io/name=aws-load-balancer-controller',
      ],
    },
  )
}

async function heldService(service: CoreService, {client}: InstallContext): Promise<Poll> {
  const finalizers = service.metadata.finalizers ?? []
  const {items} = await client.list(EVENTS, {namespace: GATEWAY.namespace})
  const warning = newestWarning(items, (name) => name === GATEWAY.name)
  const who = finalizers.includes(CLOUD_PROVIDER_FINALIZER)
    ? 'the cloud provider'
    : 'the load balancer controller'
  return {
    done: false,
    waitingFor:
      finalizers.length === 0
        ? `${OBJECT} to be gone`
        : `${who} to delete ${gatewayAddress(service) ?? 'the load balancer'} (${finalizers.join(', ')})`,
    ...(warning !== undefined && {warning}),
  }
}

async function balancerGone(context: InstallContext): Promise<Poll> {
  const address = (await readState(context.client))?.uninstall?.loadBalancer
  if (address === undefined || context.settings.loadBalancer.kind !== 'nlb') return {done: true}
  try {
    const elb = await context.aws.loadBalancers()
    const balancer = await elb.findByHostname(address)
    return balancer === undefined
      ? {done: true}
      : {done: false, waitingFor: `AWS to delete the load balancer ${balancer.name}`}
  } catch (error) {
    if (!(error instanceof KntoolError)) throw error
    context.note({
      warnings: [`Whether ${address} is gone is not verified at AWS: ${error.message}`],
    })
    return {done: true}
  }
}
