import {formatTime} from '../../../api/condition-set.ts'
import {NODES, type Pod, type PodCondition, PODS} from '../../../api/core/v1.ts'
import {keyOf, parseKey} from '../../../api/meta/object.ts'
import {resourcePath} from '../../../api/meta/resource-type.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
import type {Client} from '../../../client/client.ts'
import type {Clock} from '../../../util/clock.ts'
import {type ControllerDeps, errorSink, recorderFor} from '../controller-deps.ts'
import {afterSync, KeyLoop, type RunnableController} from '../../../controller/key-loop.ts'
import {chooseNode, DEFAULT_SCHEDULER, isPending} from './fit.ts'

/**
 * Binds pods to a node.
 *
 * Counterpart of kube-scheduler, as far as one node needs one.
 */
export function createScheduler(deps: ControllerDeps): RunnableController {
  const {client, clock} = deps
  const pods = deps.informers.of(PODS)
  const nodes = deps.informers.of(NODES)
  const events = recorderFor(deps, DEFAULT_SCHEDULER)
  const waiting = new Set<string>()

  const loop = new KeyLoop({
    clock,
    onError: errorSink(deps, DEFAULT_SCHEDULER),
    async sync(key) {
      const {namespace, name} = parseKey(key)
      const pod = pods.get(namespace, name)
      waiting.delete(key)
      if (pod === undefined || !isPending(pod)) return
      const choice = chooseNode(pod, nodes.list())
      if (typeof choice === 'string') {
        waiting.add(key)
        events.warning(pod, 'FailedScheduling', choice)
        await markUnschedulable(client, clock, pod, choice)
        return
      }
      if (!(await bind(client, pod, choice.metadata.name))) return
      events.normal(pod, 'Scheduled', `Successfully assigned ${key} to ${choice.metadata.name}`)
    },
  })
  pods.addHandler({
    onSet: (pod, before) => {
      // Its own status does not make a pod schedulable.
      if (isPending(pod) && (before === undefined || before.spec !== pod.spec)) {
        if (before === undefined || !waiting.has(keyOf(pod))) loop.queue.add(keyOf(pod))
      }
    },
    onDelete: (pod) => void waiting.delete(keyOf(pod)),
  })
  nodes.addHandler({
    onSet: () => {
      for (const key of waiting) loop.queue.add(key)
    },
  })
  return afterSync(loop, () => [nodes.synced])
}

/** Answers false when the pod is gone or bound already. */
async function bind(client: Client, pod: Pod, node: string): Promise<boolean> {
  const {name, namespace, uid} = pod.metadata
  try {
    await client.raw({
      method: 'POST',
      path: resourcePath(PODS, {namespace, name, subresource: 'binding'}),
      body: {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: {name, namespace, uid},
        target: {kind: 'Node', name: node},
      },
    })
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    const current = await client.find(PODS, pod.metadata)
    if (current === undefined || !isPending(current)) return false
    throw error
  }
}

async function markUnschedulable(
  client: Client,
  clock: Clock,
  pod: Pod,
  message: string,
): Promise<void> {
  const before = pod.status?.conditions?.find(({type}) => type === 'PodScheduled')
  if (before?.status === 'False' && before.message === message) return
  const condition: PodCondition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
    lastProbeTime: null,
    lastTransitionTime: formatTime(clock.now()),
  }
  try {
    await client.patch(PODS, pod.metadata, {
      type: 'strategic',
      subresource: 'status',
      body: {status: {conditions: [condition]}},
    })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
