import type {AdmissionPlugin, AdmissionRequest} from '../../../../api/admission.ts'
import type {Clock} from '../../../../util/clock.ts'
import type {Storage} from '../../../storage/storage.ts'
import {forbiddenObject} from '../../../apiserver/errors.ts'
import {randomSuffix} from '../../../apiserver/handlers/create.ts'
import {
  asJson,
  cloneJson,
  objectAt,
  objectsAt,
  setDefault,
  stringAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'

/** What the cluster adds to every new pod, in the order of kube-apiserver's plugins. */
export function podAdmission(storage: Storage, clock: Clock): AdmissionPlugin[] {
  return [serviceAccount(storage, clock), defaultTolerations, priority(storage)]
}

function isNewPod({operation, type, subresource}: AdmissionRequest): boolean {
  return (
    operation === 'CREATE' && type.group === '' && type.kind === 'Pod' && subresource === undefined
  )
}

function podOf({object}: AdmissionRequest): JsonObject {
  return object === undefined ? {} : asJson(object)
}

/** Where containers find the token of their ServiceAccount. */
const TOKEN_MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * Gives pods a ServiceAccount and its token volume.
 *
 * Counterpart of k8s.io/kubernetes `plugin/pkg/admission/serviceaccount`.
 */
function serviceAccount(storage: Storage, clock: Clock): AdmissionPlugin {
  return {
    name: 'ServiceAccount',
    handles: isNewPod,
    async mutate(request) {
      const spec = objectAt(podOf(request), 'spec')
      if (stringAt(spec, 'serviceAccountName') === '') spec['serviceAccountName'] = 'default'
      const name = stringAt(spec, 'serviceAccountName')
      spec['serviceAccount'] = name
      const prefix = `/core/serviceaccounts/${request.namespace}/`
      let account = storage.get(prefix + name)
      if (account === undefined && name === 'default') {
        await nextChange(storage, clock, prefix)
        account = storage.get(prefix + name)
      }
      if (account === undefined) {
        throw forbiddenObject(
          request.type,
          // A name that the server made up would tell nobody anything, and differ every time.
          request.object?.metadata.generateName ?? request.name,
          `error looking up service account ${request.namespace}/${name}: serviceaccount "${name}" not found`,
        )
      }
      const stored = asJson(account.object)
      if (spec['imagePullSecrets'] === undefined && stored['imagePullSecrets'] !== undefined) {
        spec['imagePullSecrets'] = cloneJson(stored['imagePullSecrets'])
      }
      const automount =
        spec['automountServiceAccountToken'] ?? stored['automountServiceAccountToken'] ?? true
      if (automount !== false) mountToken(spec)
    },
  }
}

/** How long a pod waits for the account that its new namespace is about to get. */
const ACCOUNT_WAIT_MS = 1000

/** Resolves with the next change below `prefix`, or when the wait is over. */
function nextChange(storage: Storage, clock: Clock, prefix: string): Promise<void> {
  return new Promise((resolve) => {
    const watch = storage.watch(prefix, storage.currentRevision)
    const timer = clock.after(ACCOUNT_WAIT_MS, () => watch.close())
    watch.subscribe(
      () => watch.close(),
      () => {
        timer.cancel()
        resolve()
      },
    )
  })
}

const TOKEN_VOLUME_PREFIX = 'kube-api-access-'

function mountToken(spec: JsonObject): void {
  const containers = [...objectsAt(spec, 'initContainers'), ...objectsAt(spec, 'containers')]
  const bare = containers.filter(
    (container) =>
      !objectsAt(container, 'volumeMounts').some(({mountPath}) => mountPath === TOKEN_MOUNT_PATH),
  )
  if (bare.length === 0) return
  const volumes = objectsAt(spec, 'volumes')
  // A webhook may have added a container to a pod that has the volume.
  const known = volumes.find((volume) => stringAt(volume, 'name').startsWith(TOKEN_VOLUME_PREFIX))
  const name = known === undefined ? TOKEN_VOLUME_PREFIX + randomSuffix() : stringAt(known, 'name')
  for (const container of bare) {
    const mount = {name, readOnly: true, mountPath: TOKEN_MOUNT_PATH}
    container['volumeMounts'] = [...objectsAt(container, 'volumeMounts'), mount]
  }
  if (known === undefined) spec['volumes'] = [...volumes, tokenVolume(name)]
}

function tokenVolume(name: string): JsonObject {
  return {
    name,
    projected: {
      sources: [
        {serviceAccountToken: {expirationSeconds: 3607, path: 'token'}},
        {configMap: {name: 'kube-root-ca.crt', items: [{key: 'ca.crt', path: 'ca.crt'}]}},
        {
          downwardAPI: {
            items: [
              {path: 'namespace', fieldRef: {apiVersion: 'v1', fieldPath: 'metadata.namespace'}},
            ],
          },
        },
        {
          configMap: {
            name: 'openshift-service-ca.crt',
            items: [{key: 'service-ca.crt', path: 'service-ca.crt'}],
          },
        },
      ],
      defaultMode: 0o644,
    },
  }
}

/** Seconds a pod stays on a node that is in trouble. */
const TOLERATION_SECONDS = 300

/** Counterpart of `plugin/pkg/admission/defaulttolerationseconds`. */
const defaultTolerations: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  handles: isNewPod,
  mutate(request) {
    const spec = objectAt(podOf(request), 'spec')
    const tolerations = objectsAt(spec, 'tolerations')
    for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
      const isTolerated = tolerations.some(
        (known) =>
          (known['key'] === key || stringAt(known, 'key') === '') &&
          (known['effect'] === 'NoExecute' || stringAt(known, 'effect') === ''),
      )
      if (isTolerated) continue
      tolerations.push({
        key,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: TOLERATION_SECONDS,
      })
    }
    spec['tolerations'] = tolerations
  },
}

/** Priorities of the two classes that every cluster has. */
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
}

/** Counterpart of `plugin/pkg/admission/priority`. */
function priority(storage: Storage): AdmissionPlugin {
  return {
    name: 'Priority',
    handles: isNewPod,
    mutate(request) {
      const spec = objectAt(podOf(request), 'spec')
      const name = stringAt(spec, 'priorityClassName')
      const stored = storage.get(`/scheduling.k8s.io/priorityclasses/${name}`)?.object
      const chosen = stored && asJson(stored)
      const value = chosen?.['value'] ?? SYSTEM_PRIORITIES[name]
      if (name !== '' && value === undefined) {
        throw forbiddenObject(
          request.type,
          request.name,
          `no PriorityClass with name ${name} was found`,
        )
      }
      spec['priority'] = value ?? 0
      setDefault(spec, 'preemptionPolicy', chosen?.['preemptionPolicy'] ?? 'PreemptLowerPriority')
    },
  }
}
