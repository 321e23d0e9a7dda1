import type {Pod} from '../../../api/core/v1.ts'
import {matchesSelector} from '../../../api/meta/label-selector.ts'
import {failure, type StatusError} from '../../../api/meta/status-error.ts'
import {disruptionAllowed, type PodDisruptionBudget} from '../../../api/policy/v1.ts'
import {forbiddenObject} from '../errors.ts'
import {asJson, cloneJson} from '../json-value.ts'
import type {RequestContext} from '../request-context.ts'
import {updateObject} from './update-object.ts'
import type {WriteOptions} from '../write-options.ts'

/** Evictions that are not confirmed yet; more of them mean that nobody counts any more. */
const MAX_DISRUPTED_PODS = 2000
/** When an eviction may be tried again while its budget is being counted. */
const RETRY_AFTER_SECONDS = 10

/**
 * Takes the eviction of a pod from the budget that protects it. Throws what the eviction is refused
 * with.
 *
 * | the pod                          | budgets | taken from the budget                        |
 * | -------------------------------- | ------- | -------------------------------------------- |
 * | is over, pending or ends already | any     | nothing                                      |
 * | any other                        | none    | nothing                                      |
 * | any other                        | two     | an error                                     |
 * | not ready, `AlwaysAllow`         | one     | nothing                                      |
 * | not ready, the budget healthy    | one     | nothing                                      |
 * | any other                        | one     | one, if there is one left                    |
 *
 * Counterpart of k8s.io/kubernetes `registry/core/pod/storage` `EvictionREST`.
 */
export async function takeFromBudget(
  context: RequestContext,
  pod: Pod,
  options: WriteOptions,
): Promise<void> {
  if (needsNoBudget(pod)) return
  const budgets = budgetsOf(context, pod)
  const [budget] = budgets
  if (budget === undefined) return
  if (budgets.length > 1) {
    throw failure(
      500,
      '',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    )
  }
  if (!isReady(pod) && mayGoUnready(budget)) return
  await updateObject(
    {
      ...context,
      resource: budgetResource(context),
      info: {
        group: 'policy',
        version: 'v1',
        resource: 'poddisruptionbudgets',
        namespace: budget.metadata.namespace ?? '',
        name: budget.metadata.name,
        subresource: 'status',
      },
    },
    {
      part: 'status',
      isReplacement: false,
      apply(current) {
        const changed = cloneJson(current) as PodDisruptionBudget
        decrement(changed, pod.metadata.name, context.now)
        return asJson(changed)
      },
    },
    options,
  )
}

function budgetResource({server}: RequestContext): RequestContext['resource'] {
  const resource = server.registry.find('policy', 'v1', 'poddisruptionbudgets')
  if (resource === undefined) throw new Error('PodDisruptionBudgets are not served')
  return resource
}

function needsNoBudget({metadata, status}: Pod): boolean {
  const phase = status?.phase
  const isOver = phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending'
  return isOver || metadata.deletionTimestamp !== undefined
}

function budgetsOf(context: RequestContext, {metadata}: Pod): PodDisruptionBudget[] {
  const {storagePrefix} = budgetResource(context)
  const {items} = context.server.storage.list(`${storagePrefix}${metadata.namespace}/`)
  return items
    .map(({object}) => object as PodDisruptionBudget)
    .filter(
      ({spec}) => spec.selector !== undefined && matchesSelector(metadata.labels, spec.selector),
    )
}

function isReady({status}: Pod): boolean {
  return (
    status?.conditions?.some(({type, status: is}) => type === 'Ready' && is === 'True') ?? false
  )
}

function mayGoUnready({spec, status}: PodDisruptionBudget): boolean {
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true
  const {currentHealthy = 0, desiredHealthy = 0} = status ?? {}
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy
}

/** Takes one disruption from a budget, in place. */
function decrement(budget: PodDisruptionBudget, podName: string, now: string): void {
  const {metadata, status} = budget
  if (status === undefined || (status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw tooManyRequests(
      `The disruption budget ${metadata.name} is still being processed by the server.`,
      RETRY_AFTER_SECONDS,
    )
  }
  if (status.disruptionsAllowed < 0) throw forbidden(budget, 'pdb disruptions allowed is negative')
  if (Object.keys(status.disruptedPods ?? {}).length > MAX_DISRUPTED_PODS) {
    throw forbidden(
      budget,
      'DisruptedPods map too big - too many evictions not confirmed by PDB controller',
    )
  }
  if (status.disruptionsAllowed === 0) {
    const {desiredHealthy, currentHealthy} = status
    throw tooManyRequests(
      `The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
    )
  }
  status.disruptionsAllowed -= 1
  status.disruptedPods = {...status.disruptedPods, [podName]: now}
  const others = (status.conditions ?? []).filter(({type}) => type !== 'DisruptionAllowed')
  status.conditions = [...others, disruptionAllowed(status, now)]
}

function tooManyRequests(cause: string, retryAfterSeconds?: number): StatusError {
  return failure(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    {
      causes: [{reason: 'DisruptionBudget', message: cause}],
      ...(retryAfterSeconds !== undefined && {retryAfterSeconds}),
    },
  )
}

function forbidden({metadata}: PodDisruptionBudget, why: string): StatusError {
  return forbiddenObject({group: 'policy', plural: 'poddisruptionbudgets'}, metadata.name, why)
}
