/** The pods of a revision. Counterpart of `pkg/reconciler/revision/resources/deploy.go`. */
import type {Container, PodSpec} from '../../../api/core/v1.ts'
import {POD_INFO_FEATURE_ANNOTATION} from '../../../api/serving/metadata-keys.ts'
import type {Revision} from '../../../api/serving/v1.ts'
import type {RevisionConfig} from './config.ts'
import {makeQueueContainer} from './queue-container.ts'
import {makeUserContainers} from './user-containers.ts'

type Volume = NonNullable<PodSpec['volumes']>[number]
type VolumeMount = NonNullable<Container['volumeMounts']>[number]
interface Mounted {
  readonly volume: Volume
  readonly mount: VolumeMount
}

const VAR_LOG_VOLUME = 'knative-var-log'

/** The spec of a revision's pods: the author's containers, the queue-proxy and their volumes. */
export function makePodSpec(revision: Revision, config: RevisionConfig): PodSpec {
  const queueVolumes = makeQueueVolumes(revision, config)
  const withVarLog = config.observability.enableVarLogCollection
  const enableServiceLinks = revision.spec.enableServiceLinks ?? config.defaults.enableServiceLinks
  const volumes = [
    ...(revision.spec.volumes ?? []),
    ...queueVolumes.map(({volume}) => volume),
    ...(withVarLog ? [{name: VAR_LOG_VOLUME, emptyDir: {}}] : []),
  ]
  const users = makeUserContainers(revision)
  const queue = makeQueueContainer(revision, config)
  const queueMounts = queueVolumes.map(({mount}) => mount)
  const containers = [
    ...(withVarLog ? users.map(collectVarLog) : users),
    {...queue, ...(queueMounts.length > 0 && {volumeMounts: queueMounts})},
  ]
  return {
    ...makeUserPodSpec(revision.spec, containers),
    ...(volumes.length > 0 && {volumes}),
    ...(enableServiceLinks !== undefined && {enableServiceLinks}),
  }
}

/** The author's pod spec around these containers, without what only a Revision knows. */
export function makeUserPodSpec(spec: Revision['spec'], containers: Container[]): PodSpec {
  const {
    containerConcurrency: _concurrency,
    timeoutSeconds,
    responseStartTimeoutSeconds: _responseStart,
    idleTimeoutSeconds: _idle,
    ...podSpec
  } = spec
  return {
    ...podSpec,
    containers,
    // A pod that goes away may finish the requests that it has.
    ...(timeoutSeconds !== undefined && {terminationGracePeriodSeconds: timeoutSeconds}),
  }
}

function makeQueueVolumes(revision: Revision, config: RevisionConfig): Mounted[] {
  const audiences = [...config.deployment.queueSidecarTokenAudiences]
    .filter((audience) => audience !== '')
    .toSorted()
  return [
    ...(wantsPodInfo(revision, config) ? [makePodInfo()] : []),
    ...(audiences.length > 0 ? [makeTokens(audiences)] : []),
    ...(config.network.systemInternalTls ? [makeCertificates()] : []),
  ]
}

function wantsPodInfo(revision: Revision, {features}: RevisionConfig): boolean {
  if (features.queueProxyMountPodInfo !== 'Allowed') {
    return features.queueProxyMountPodInfo === 'Enabled'
  }
  const wish = revision.metadata.annotations?.[POD_INFO_FEATURE_ANNOTATION]
  return wish?.toLowerCase() === 'enabled'
}

function makePodInfo(): Mounted {
  const item = {path: 'annotations', fieldRef: {fieldPath: 'metadata.annotations'}}
  return {
    volume: {name: 'pod-info', downwardAPI: {items: [item]}},
    mount: {name: 'pod-info', mountPath: '/etc/podinfo', readOnly: true},
  }
}

function makeTokens(audiences: readonly string[]): Mounted {
  const name = 'knative-token-volume'
  const sources = audiences.map((audience) => ({
    serviceAccountToken: {expirationSeconds: 3600, path: audience, audience},
  }))
  return {
    volume: {name, projected: {sources}},
    mount: {name, mountPath: '/var/run/secrets/tokens'},
  }
}

function makeCertificates(): Mounted {
  const name = 'server-certs'
  return {
    volume: {name, secret: {secretName: 'serving-certs'}},
    mount: {name, mountPath: '/var/lib/knative/certs', readOnly: true},
  }
}

/** Files under `/var/log` of each container land in a place of their own of one volume. */
function collectVarLog(container: Container): Container {
  const mount = {
    name: VAR_LOG_VOLUME,
    mountPath: '/var/log',
    subPathExpr: `$(K_INTERNAL_POD_NAMESPACE)_$(K_INTERNAL_POD_NAME)_${container.name ?? ''}`,
  }
  return {
    ...container,
    volumeMounts: [...(container.volumeMounts ?? []), mount],
    env: [
      ...(container.env ?? []),
      {name: 'K_INTERNAL_POD_NAME', valueFrom: {fieldRef: {fieldPath: 'metadata.name'}}},
      {name: 'K_INTERNAL_POD_NAMESPACE', valueFrom: {fieldRef: {fieldPath: 'metadata.namespace'}}},
    ],
  }
}
