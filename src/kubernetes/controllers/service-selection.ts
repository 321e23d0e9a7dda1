/** Which pods a core Service selects, and which Services select a pod, without any scan. */
import type {CoreService, Pod} from '../../api/core/v1.ts'
import {matchesLabels} from '../../api/meta/label-selector.ts'
import {keyOf} from '../../api/meta/object.ts'
import type {Informer} from '../../controller/informer.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'
import {candidates, indexByLabels, labelKey, selectorKey} from './label-index.ts'

const BY_SELECTOR = 'selector'

/** The Services and pods of a cluster, findable by each other. */
export class ServiceSelection {
  readonly #services: Informer<CoreService>
  readonly #pods: Informer<Pod>

  constructor(services: Informer<CoreService>, pods: Informer<Pod>) {
    this.#services = services
    this.#pods = pods
    indexByLabels(pods)
    services.addIndex(BY_SELECTOR, ({metadata, spec}) => {
      const key = selectorKey(metadata.namespace, spec.selector)
      return key === undefined ? [] : [key]
    })
  }

  /** Pods with the labels a Service asks for; none for a Service without a selector. */
  podsOf({metadata, spec}: CoreService): Pod[] {
    const {selector = {}} = spec
    return candidates(this.#pods, metadata.namespace, selector).filter((pod) =>
      matchesLabels(pod.metadata.labels, selector),
    )
  }

  /** Keys of the Services that select the pod. */
  keysSelecting({metadata}: Pod): string[] {
    return Object.entries(metadata.labels ?? {}).flatMap(([name, value]) =>
      this.#services
        .byIndex(BY_SELECTOR, labelKey(metadata.namespace, name, value))
        .filter(({spec}) => matchesLabels(metadata.labels, spec.selector ?? {}))
        .map(keyOf),
    )
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
