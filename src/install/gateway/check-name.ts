import {DEPLOYMENTS} from '../../api/apps/v1.ts'
import {findController} from '../../aws/load-balancer-controller/find-controller.ts'
import {foreignOwner} from '../../aws/load-balancers/judge.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {InstallContext} from '../step.ts'
import {GATEWAY} from './gateway-service.ts'

const STACK = `${GATEWAY.namespace}/${GATEWAY.name}`

/** Whether a load balancer may get a name. */
export type NameVerdict =
  | {readonly state: 'free' | 'ours'}
  | {readonly state: 'taken'; readonly by: string}
  /** AWS could not be asked. */
  | {readonly state: 'unknown'; readonly why: string}

/**
 * Whether the load balancer may be called `name`, by the tags of the one that is.
 *
 * Asked before the Service is written: the controller would take a load balancer of another cluster
 * over without a word.
 */
export async function checkName(
  name: string,
  {client, aws}: Pick<InstallContext, 'client' | 'aws'>,
): Promise<NameVerdict> {
  try {
    const elb = await aws.loadBalancers()
    const balancer = await elb.findByName(name)
    if (balancer === undefined) return {state: 'free'}
    const tags = (await elb.tags([balancer.arn])).get(balancer.arn) ?? {}
    const {items} = await client.list(DEPLOYMENTS)
    const cluster = findController(items)?.clusterName
    const by = foreignOwner(tags, {cluster, stack: STACK})
    return by === undefined ? {state: 'ours'} : {state: 'taken', by}
  } catch (error) {
    if (!(error instanceof KntoolError)) throw error
    return {state: 'unknown', why: error.message}
  }
}

/** The error for a name that is taken. */
export function nameTaken(name: string, by: string): KntoolError {
  return new KntoolError(
    'KN_CONFLICT',
    `There is a load balancer "${name}" already, and ${by}: it would be taken over.`,
    {
      hint: ['Choose another name: --lb-name NAME', 'Or remove that one first.'],
      details: {name, owner: by},
    },
  )
}
