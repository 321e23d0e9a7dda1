import {type Deployment, DEPLOYMENTS} from '../../api/apps/v1.ts'
import {type Event, EVENTS, type Pod, PODS} from '../../api/core/v1.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {InstallContext, Poll} from '../step.ts'
import {newestWarning, podProblem} from './pods.ts'

/**
 * Whether every Deployment among `objects` has rolled out; names all that have not. Throws once one
 * has given up.
 */
export async function deploymentsReady(
  {client}: Pick<InstallContext, 'client'>,
  objects: readonly KubeObject[],
): Promise<Poll> {
  const wanted = objects.filter(({kind}) => kind === 'Deployment').map(({metadata}) => metadata)
  const namespaces = [...new Set(wanted.map(({namespace}) => namespace ?? 'default'))]
  const open: string[] = []
  const warnings: string[] = []
  for (const namespace of namespaces) {
    const names = wanted
      .filter((metadata) => (metadata.namespace ?? 'default') === namespace)
      .map(({name}) => name)
    const {items} = await client.list(DEPLOYMENTS, {namespace})
    const lagging = names.flatMap((name) => {
      const deployment = items.find(({metadata}) => metadata.name === name)
      const lack = lackOf(deployment, name)
      return lack === undefined ? [] : [{name, deployment, lack}]
    })
    if (lagging.length === 0) continue
    const [pods, events] = await Promise.all([
      client.list(PODS, {namespace}),
      client.list(EVENTS, {namespace}),
    ])
    for (const {name, deployment, lack} of lagging) {
      const warning = explainDeployment(name, pods.items, events.items)
      if (deployment !== undefined) failIfGivenUp(deployment, warning)
      open.push(lack)
      if (warning !== undefined) warnings.push(warning)
    }
  }
  if (open.length === 0) return {done: true}
  const [warning] = warnings
  return {
    done: false,
    waitingFor: `the Deployment${open.length === 1 ? '' : 's'} ${open.join(', ')}`,
    ...(warning !== undefined && {warning}),
  }
}

/** Whether a Deployment has rolled out what its spec asks for. */
export function judgeDeployment(deployment: Deployment | undefined, name: string): Poll {
  const lack = lackOf(deployment, name)
  return lack === undefined ? {done: true} : {done: false, waitingFor: `the Deployment ${lack}`}
}

/** `webhook (0 of 1 available)`; undefined for a Deployment that has rolled out. */
function lackOf(deployment: Deployment | undefined, name: string): string | undefined {
  if (deployment === undefined) return `${name} to be there`
  const {spec, status, metadata} = deployment
  const wanted = spec.replicas ?? 1
  const updated = status?.updatedReplicas ?? 0
  const available = status?.availableReplicas ?? 0
  const seen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  if (seen && updated >= wanted && available >= wanted) return undefined
  const count = Math.min(updated, available)
  return `${name} (${seen ? count : 0} of ${wanted} available)`
}

/** What keeps the pods of a Deployment from being ready; undefined if nothing is known. */
function explainDeployment(
  name: string,
  pods: readonly Pod[],
  events: readonly Event[],
): string | undefined {
  const isOurs = (pod: string): boolean => pod === name || pod.startsWith(`${name}-`)
  const own = pods.filter(({metadata}) => isOurs(metadata.name))
  const [problem] = own.map(podProblem).filter((text) => text !== undefined)
  if (problem !== undefined) return problem
  // Pods that are there and well say more than a warning from before they were.
  const settled = own.length > 0 && own.every(({status}) => status?.phase === 'Running')
  return settled ? undefined : newestWarning(events, isOurs)
}

function failIfGivenUp({metadata, status}: Deployment, warning: string | undefined): void {
  const given = status?.conditions?.find(({type}) => type === 'Progressing')
  if (given?.status !== 'False') return
  const {name, namespace} = metadata
  throw new KntoolError(
    'KN_NOT_READY',
    `The Deployment ${namespace}/${name} does not become available: ${warning ?? given.message ?? given.reason}.`,
    {
      hint: [
        `kubectl describe deployment ${name} -n ${namespace}`,
        `kubectl logs deployment/${name} -n ${namespace}`,
      ],
      details: {namespace, name, reason: given.reason},
    },
  )
}
