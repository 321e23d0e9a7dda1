/** Which pods a core Service selects, and which Services select a pod, without any scan. */
import type {CoreService, Pod} from '../../api/core/v1.ts'
import {matchesLabels} from '../../api/meta/label-selector.ts'
import {keyOf} from '../../api/meta/object.ts'
import type {Informer} from '../../controller/informer.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'

const BY_LABEL = 'label'
const BY_SELECTOR = 'selector'

/** The Services and pods of a cluster, findable by each other. */
export class ServiceSelection {
  readonly #services: Informer<CoreService>
  readonly #pods: Informer<Pod>

  constructor(services: Informer<CoreService>, pods: Informer<Pod>) {
    this.#services = services
    this.#pods = pods
    pods.addIndex(BY_LABEL, ({metadata}) =>
      Object.entries(metadata.labels ?? {}).map(([name, value]) =>
        pairKey(metadata.namespace, name, value),
      ),
    )
    // One pair is enough to find a Service: a pod it selects carries that pair.
    services.addIndex(BY_SELECTOR, ({metadata, spec}) => {
      const pair = Object.entries(spec.selector ?? {})[0]
      return pair === undefined ? [] : [pairKey(metadata.namespace, ...pair)]
    })
  }

  /** Pods with the labels a Service asks for; none for a Service without a selector. */
  podsOf(service: CoreService): Pod[] {
    const {selector} = service.spec
    const pair = Object.entries(selector ?? {})[0]
    if (selector === undefined || pair === undefined) return []
    return this.#pods
      .byIndex(BY_LABEL, pairKey(service.metadata.namespace, ...pair))
      .filter((pod) => matchesLabels(pod.metadata.labels, selector))
  }

  /** Keys of the Services that select the pod. */
  keysSelecting({metadata}: Pod): string[] {
    const keys: string[] = []
    for (const [name, value] of Object.entries(metadata.labels ?? {})) {
      for (const service of this.#services.byIndex(
        BY_SELECTOR,
        pairKey(metadata.namespace, name, value),
      )) {
        if (matchesLabels(metadata.labels, service.spec.selector ?? {})) keys.push(keyOf(service))
      }
    }
    return keys
  }

  /** Calls `enqueue` with each Service whose endpoints a change of a pod can change. */
  onPodChange(enqueue: (key: string) => void): void {
    this.#pods.addHandler({
      onSet: (pod, before) => {
        if (before !== undefined && !endpointChanged(before, pod)) return
        for (const key of this.keysSelecting(pod)) enqueue(key)
        if (before !== undefined && !sameLabels(before, pod)) {
          for (const key of this.keysSelecting(before)) enqueue(key)
        }
      },
      onDelete: (pod) => {
        for (const key of this.keysSelecting(pod)) enqueue(key)
      },
    })
  }
}

function pairKey(namespace: string | undefined, name: string, value: string): string {
  return `${namespace ?? ''}/${name}=${value}`
}

function sameLabels(left: Pod, right: Pod): boolean {
  return (
    left.metadata.labels === right.metadata.labels ||
    semanticEqual(left.metadata.labels, right.metadata.labels)
  )
}

/** Whether anything about the pod changed that endpoints show. */
function endpointChanged(before: Pod, after: Pod): boolean {
  return (
    before.status?.podIP !== after.status?.podIP ||
    before.status?.phase !== after.status?.phase ||
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp ||
    readiness(before) !== readiness(after) ||
    !sameLabels(before, after)
  )
}

function readiness(pod: Pod): string | undefined {
  return pod.status?.conditions?.find(({type}) => type === 'Ready')?.status
}
