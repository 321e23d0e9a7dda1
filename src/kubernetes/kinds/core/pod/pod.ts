import type {KubeObject} from '../../../../api/meta/object.ts'
import {parseQuantity} from '../../../../util/quantity.ts'
import {resourceNotFound} from '../../../apiserver/errors.ts'
import {get} from '../../../apiserver/handlers/get.ts'
import {
  asJson,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {
  CREATE,
  type KindDeclaration,
  READ_WRITE,
  statusSubresource,
} from '../../../apiserver/registry/kind.ts'
import {selectable} from '../../../apiserver/registry/selectable-fields.ts'
import type {Handler, Subresource} from '../../../apiserver/request-context.ts'
import {defaultPod} from '../pod-spec/defaults.ts'
import {podTarget, proxySubresource} from '../proxy-targets.ts'
import {podAdmission} from './admission.ts'
import {binding} from './binding.ts'
import {podColumns} from './columns.ts'
import {eviction} from './eviction.ts'
import {log} from './log.ts'
import {readCommand, readPorts, refuseWithoutUpgrade} from './stream.ts'
import {validatePod, validatePodUpdate} from './validation.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/pod`. */
export const pod: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  subresources: [
    streamed('attach', 'PodAttachOptions', readCommand),
    {
      name: 'binding',
      verbs: CREATE,
      kind: {group: '', version: 'v1', kind: 'Binding'},
      handle: binding,
    },
    {name: 'ephemeralcontainers', verbs: READ_WRITE, handle: withoutEphemeralContainers},
    {
      name: 'eviction',
      verbs: CREATE,
      kind: {group: 'policy', version: 'v1', kind: 'Eviction'},
      handle: eviction,
    },
    streamed('exec', 'PodExecOptions', readCommand),
    {name: 'log', verbs: ['get'], handle: log},
    streamed('portforward', 'PodPortForwardOptions', readPorts),
    proxySubresource('Pod', podTarget),
    {name: 'resize', verbs: READ_WRITE, writes: 'all'},
    statusSubresource,
  ],
  columns: podColumns,
  selectableFields: [
    selectable('spec.nodeName'),
    selectable('spec.restartPolicy'),
    selectable('spec.schedulerName'),
    selectable('spec.serviceAccountName'),
    selectable('spec.hostNetwork', 'false'),
    selectable('status.phase'),
    selectable('status.podIP'),
    selectable('status.nominatedNodeName'),
  ],
  strategy: {
    hasStatus: true,
    // Old kubelets spoil them.
    metadataKeptByStatus: ['deletionTimestamp', 'ownerReferences'],
    hasGeneration: true,
    returnsDeletedObject: true,
    applyDefaults: defaultPod,
    prepareForCreate(object) {
      object['status'] = {phase: 'Pending', qosClass: qosClassOf(object)}
    },
    validate: validatePod,
    validateUpdate: validatePodUpdate,
    gracePeriodSeconds: podGracePeriod,
  },
  hooks: ({storage, clock}) => ({admission: podAdmission(storage, clock)}),
}

/** A part that a client reaches by switching protocols. */
function streamed(
  name: string,
  kind: string,
  openStream: NonNullable<Subresource['openStream']>,
): Subresource {
  return {
    name,
    verbs: ['create', 'get'],
    kind: {group: '', version: 'v1', kind},
    openStream,
    handle: refuseWithoutUpgrade(openStream),
  }
}

/** Nothing here can join a running pod; kubectl knows this answer from clusters without them. */
function withoutEphemeralContainers(...[context, verb]: Parameters<Handler>): ReturnType<Handler> {
  if (verb !== 'get') throw resourceNotFound()
  return get(context)
}

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
