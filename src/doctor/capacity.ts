/** Whether the nodes have room for what an installation brings. */
import {ISTIO_NAMESPACE, SYSTEM_NAMESPACE} from '../api/config/system-namespace.ts'
import type {Node, Pod} from '../api/core/v1.ts'
import {parseQuantity} from '../util/quantity.ts'

/** What nodes have left. */
export interface FreeCapacity {
  readonly nodes: number
  /** In CPUs. */
  readonly cpu: number
  readonly memoryGib: number
}

/**
 * What the pods of a release ask for at least, in CPUs and GiB: three gateways, three istiods by
 * their autoscaler, the components of Knative.
 */
const NEEDED: FreeCapacity = {nodes: 1, cpu: 5.2, memoryGib: 9.5}

const NAMESPACES = [SYSTEM_NAMESPACE, ISTIO_NAMESPACE]
const GIB = 2 ** 30

/** What is allocatable on nodes that take pods, less what pods request. */
export function freeCapacity(nodes: readonly Node[], pods: readonly Pod[]): FreeCapacity {
  const open = nodes.filter(({spec}) => spec?.['unschedulable'] !== true)
  const names = new Set(open.map(({metadata}) => metadata.name))
  const running = pods.filter(
    ({spec, status}) =>
      names.has(spec.nodeName ?? '') && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  )
  const left = (resource: 'cpu' | 'memory'): number =>
    sum(open.map((node) => amount(allocatable(node)[resource]))) -
    sum(running.map((pod) => requested(pod, resource)))
  return {nodes: open.length, cpu: left('cpu'), memoryGib: left('memory') / GIB}
}

/** What is missing for an installation, as a sentence without its end; undefined if it fits. */
export function missingCapacity(free: FreeCapacity, pods: readonly Pod[]): string | undefined {
  // What runs already has its place, and nodes that say nothing are not known to be full.
  if (pods.some(({metadata}) => NAMESPACES.includes(metadata.namespace ?? ''))) return undefined
  if (free.cpu <= 0 && free.memoryGib <= 0) return undefined
  if (free.cpu < NEEDED.cpu) {
    return `Knative and Istio ask for ${NEEDED.cpu} CPUs, ${free.cpu.toFixed(1)} are free`
  }
  if (free.memoryGib < NEEDED.memoryGib) {
    return `Knative and Istio ask for ${NEEDED.memoryGib} GiB, ${free.memoryGib.toFixed(1)} are free`
  }
  return undefined
}

function allocatable({status}: Node): Record<string, string> {
  return (status?.['allocatable'] as Record<string, string> | undefined) ?? {}
}

function requested({spec}: Pod, resource: string): number {
  return sum(spec.containers.map(({resources}) => amount(resources?.requests?.[resource])))
}

function amount(text: string | undefined): number {
  if (text === undefined) return 0
  return Number(parseQuantity(text).nano) / 1e9
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
