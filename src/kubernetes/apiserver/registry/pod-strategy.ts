import type {KubeObject} from '../../../api/meta/object.ts'
import {parseQuantity} from '../../../util/quantity.ts'
import {defaultPod} from '../defaulting/pod-spec.ts'
import {asJson, numberAt, objectAt, objectsAt, stringAt, type JsonObject} from '../json-value.ts'
import {validatePod, validatePodUpdate} from '../validation/pod.ts'
import {strategy} from './base-strategy.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/pod`. */
export const podStrategy = strategy({
  hasStatus: true,
  // Old kubelets spoil them.
  metadataKeptByStatus: ['ownerReferences'],
  hasGeneration: true,
  returnsDeletedObject: true,
  applyDefaults: defaultPod,
  prepareForCreate(object) {
    object['status'] = {phase: 'Pending', qosClass: qosClassOf(object)}
  },
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  gracePeriodSeconds: podGracePeriod,
})

/**
 * Seconds a pod gets to end.
 *
 * | pod                       | asked for | grace                                 |
 * | ------------------------- | --------- | ------------------------------------- |
 * | on no node                | any       | 0: nobody would ever confirm it       |
 * | Failed or Succeeded       | any       | 0                                     |
 * | other                     | n         | n                                     |
 * | other                     | nothing   | spec.terminationGracePeriodSeconds, 30 |
 */
function podGracePeriod(pod: KubeObject, wanted: number | undefined): number {
  const json = asJson(pod)
  const spec = objectAt(json, 'spec')
  const phase = stringAt(objectAt(json, 'status'), 'phase')
  if (stringAt(spec, 'nodeName') === '' || phase === 'Failed' || phase === 'Succeeded') return 0
  return Math.max(0, wanted ?? numberAt(spec, 'terminationGracePeriodSeconds') ?? 30)
}

/** Counterpart of `pkg/apis/core/helper/qos` ComputePodQOS. */
function qosClassOf(pod: JsonObject): string {
  const spec = objectAt(pod, 'spec')
  const containers = [...objectsAt(spec, 'initContainers'), ...objectsAt(spec, 'containers')]
  let isGuaranteed = true
  let isBestEffort = true
  for (const container of containers) {
    const resources = objectAt(container, 'resources')
    for (const name of ['cpu', 'memory']) {
      const request = amount(objectAt(resources, 'requests')[name])
      const limit = amount(objectAt(resources, 'limits')[name])
      if (request > 0n || limit > 0n) isBestEffort = false
      if (limit === 0n || request !== limit) isGuaranteed = false
    }
  }
  if (isBestEffort) return 'BestEffort'
  return isGuaranteed ? 'Guaranteed' : 'Burstable'
}

function amount(value: unknown): bigint {
  try {
    return typeof value === 'string' ? parseQuantity(value).nano : 0n
  } catch {
    return 0n
  }
}
