import {DEPLOYMENTS, REPLICA_SETS} from '../../../api/apps/v1.ts'
import {type Pod, PODS} from '../../../api/core/v1.ts'
import {matchesSelector} from '../../../api/meta/label-selector.ts'
import {type KubeObject, keyOf, parseKey} from '../../../api/meta/object.ts'
import {controllerOf} from '../../../api/meta/owner.ts'
import {POD_DISRUPTION_BUDGETS, type PodDisruptionBudget} from '../../../api/policy/v1.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {type ControllerDeps, errorSink, recorderFor} from '../controller-deps.ts'
import {KeyLoop, type RunnableController} from '../key-loop.ts'
import {DELETION_TIMEOUT_MS, makeBudgetStatus} from './status.ts'

const COMPONENT = 'controllermanager'

/**
 * Keeps the status of PodDisruptionBudgets, from which evictions learn whether they may go on.
 *
 * Counterpart of kubernetes `pkg/controller/disruption`.
 */
export function createDisruptionController(deps: ControllerDeps): RunnableController {
  const budgets = deps.informers.of(POD_DISRUPTION_BUDGETS)
  const pods = deps.informers.of(PODS)
  const replicaSets = deps.informers.of(REPLICA_SETS)
  const deployments = deps.informers.of(DEPLOYMENTS)
  const events = recorderFor(deps, COMPONENT)

  /** How many pods those who control `selected` want; pods without a controller count nothing. */
  const expectedScale = (selected: readonly Pod[]): number => {
    const scales = new Map<string, number>()
    for (const pod of selected) {
      const owner = controllerOf(pod)
      if (owner?.kind !== 'ReplicaSet') continue
      const replicaSet = replicaSets.get(pod.metadata.namespace, owner.name)
      if (replicaSet === undefined) continue
      const above = controllerOf(replicaSet)
      const scaled = (above && deployments.get(pod.metadata.namespace, above.name)) ?? replicaSet
      scales.set(scaled.metadata.uid ?? '', scaled.spec.replicas ?? 1)
    }
    return [...scales.values()].reduce((sum, scale) => sum + scale, 0)
  }

  const loop = new KeyLoop({
    clock: deps.clock,
    onError: errorSink(deps, COMPONENT),
    async sync(key) {
      const {namespace, name} = parseKey(key)
      const budget = budgets.get(namespace, name)
      if (budget === undefined) return
      const {selector} = budget.spec
      const selected = selector === undefined ? [] : selectedPods(pods.list(namespace), budget)
      if (selected.length === 0) events.normal(budget, 'NoPods', 'No matching pods found')
      const status = makeBudgetStatus({
        budget,
        pods: selected,
        expectedScale: expectedScale(selected),
        nowMs: deps.clock.now(),
      })
      if (status.disruptedPods !== undefined) loop.queue.addAfter(key, DELETION_TIMEOUT_MS)
      if (semanticEqual(budget.status, status)) return
      await deps.client.updateStatus(POD_DISRUPTION_BUDGETS, {...budget, status})
    },
  })

  const enqueueFor = ({metadata}: KubeObject): void => {
    for (const budget of budgets.list(metadata.namespace)) {
      if (selects(budget, metadata.labels)) loop.queue.add(keyOf(budget))
    }
  }
  budgets.addHandler({onSet: (budget) => loop.queue.add(keyOf(budget))})
  pods.addHandler({
    onSet(pod, before) {
      enqueueFor(pod)
      if (before !== undefined && before.metadata.labels !== pod.metadata.labels) enqueueFor(before)
    },
    onDelete: enqueueFor,
  })
  deployments.addHandler({
    onSet(deployment, before) {
      if (before === undefined || before.spec.replicas === deployment.spec.replicas) return
      enqueueFor({...deployment, metadata: {...deployment.metadata, ...labelsOf(deployment)}})
    },
  })
  return loop
}

/** The labels that the pods of a workload have. */
function labelsOf({spec}: {spec: {template: {metadata?: {labels?: Record<string, string>}}}}): {
  labels?: Record<string, string>
} {
  const labels = spec.template.metadata?.labels
  return labels === undefined ? {} : {labels}
}

function selectedPods(pods: readonly Pod[], budget: PodDisruptionBudget): Pod[] {
  return pods.filter(({metadata}) => selects(budget, metadata.labels))
}

function selects(
  {spec}: PodDisruptionBudget,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return spec.selector !== undefined && matchesSelector(labels, spec.selector)
}
