import {
  ensureObject,
  isJsonObject,
  objectAt,
  objectsAt,
  setDefault,
  stringAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'

/**
 * Fills in what Kubernetes assumes about a pod spec, in place: in a Pod and in every pod template.
 *
 * Counterpart of k8s.io/kubernetes `pkg/apis/core/v1` SetDefaults_PodSpec and its siblings.
 */
export function defaultPodSpec(spec: JsonObject): void {
  setDefault(spec, 'dnsPolicy', 'ClusterFirst')
  setDefault(spec, 'restartPolicy', 'Always')
  setDefault(spec, 'securityContext', {})
  setDefault(spec, 'terminationGracePeriodSeconds', 30)
  setDefault(spec, 'schedulerName', 'default-scheduler')
  const account = stringAt(spec, 'serviceAccountName') || stringAt(spec, 'serviceAccount')
  if (account !== '') {
    setDefault(spec, 'serviceAccountName', account)
    if (spec['serviceAccount'] !== spec['serviceAccountName']) {
      spec['serviceAccount'] = spec['serviceAccountName']
    }
  }
  for (const volume of objectsAt(spec, 'volumes')) defaultVolume(volume)
  for (const container of objectsAt(spec, 'initContainers')) defaultContainer(container)
  for (const container of objectsAt(spec, 'containers')) defaultContainer(container)
  for (const container of objectsAt(spec, 'ephemeralContainers')) defaultContainer(container)
  if (spec['hostNetwork'] === true) {
    for (const container of objectsAt(spec, 'containers')) {
      for (const port of objectsAt(container, 'ports')) {
        setDefault(port, 'hostPort', port['containerPort'])
      }
    }
  }
}

function defaultContainer(container: JsonObject): void {
  setDefault(container, 'imagePullPolicy', pullPolicyOf(stringAt(container, 'image')))
  setDefault(container, 'terminationMessagePath', '/dev/termination-log')
  setDefault(container, 'terminationMessagePolicy', 'File')
  for (const port of objectsAt(container, 'ports')) setDefault(port, 'protocol', 'TCP')
  for (const variable of objectsAt(container, 'env')) {
    const fieldRef = objectAt(variable, 'valueFrom')['fieldRef']
    if (isJsonObject(fieldRef)) setDefault(fieldRef, 'apiVersion', 'v1')
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name]
    if (isJsonObject(probe)) defaultProbe(probe)
  }
  const lifecycle = objectAt(container, 'lifecycle')
  for (const name of ['postStart', 'preStop']) defaultHttpGet(objectAt(lifecycle, name)['httpGet'])
  ensureObject(container, 'resources')
}

/** What is limited is requested too, unless the container says how much of it it requests. */
function defaultRequests(container: JsonObject): void {
  const resources = ensureObject(container, 'resources')
  const limits = resources['limits']
  if (!isJsonObject(limits)) return
  const requests = ensureObject(resources, 'requests')
  for (const [name, amount] of Object.entries(limits)) setDefault(requests, name, amount)
}

/** `Always` for images that may move: without a tag, or with `latest`. */
function pullPolicyOf(image: string): string {
  if (image.includes('@')) return 'IfNotPresent'
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? 'latest'
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

function defaultProbe(probe: JsonObject): void {
  setDefault(probe, 'timeoutSeconds', 1)
  setDefault(probe, 'periodSeconds', 10)
  setDefault(probe, 'successThreshold', 1)
  setDefault(probe, 'failureThreshold', 3)
  defaultHttpGet(probe['httpGet'])
  const grpc = probe['grpc']
  if (isJsonObject(grpc)) setDefault(grpc, 'service', '')
}

function defaultHttpGet(action: unknown): void {
  if (!isJsonObject(action)) return
  setDefault(action, 'path', '/')
  setDefault(action, 'scheme', 'HTTP')
}

/** The file mode 0644. */
const DEFAULT_MODE = 0o644

function defaultVolume(volume: JsonObject): void {
  if (Object.keys(volume).every((name) => name === 'name')) volume['emptyDir'] = {}
  for (const source of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const value = volume[source]
    if (isJsonObject(value)) setDefault(value, 'defaultMode', DEFAULT_MODE)
  }
  for (const item of objectsAt(objectAt(volume, 'downwardAPI'), 'items')) defaultFieldRef(item)
  for (const source of objectsAt(objectAt(volume, 'projected'), 'sources')) {
    const token = source['serviceAccountToken']
    if (isJsonObject(token)) setDefault(token, 'expirationSeconds', 3600)
    for (const item of objectsAt(objectAt(source, 'downwardAPI'), 'items')) defaultFieldRef(item)
  }
  const hostPath = volume['hostPath']
  if (isJsonObject(hostPath)) setDefault(hostPath, 'type', '')
}

function defaultFieldRef(item: JsonObject): void {
  const fieldRef = item['fieldRef']
  if (isJsonObject(fieldRef)) setDefault(fieldRef, 'apiVersion', 'v1')
}

/** Defaults of a Pod itself, beyond those of its spec: pod templates do not get them. */
export function defaultPod(pod: JsonObject): void {
  const spec = ensureObject(pod, 'spec')
  setDefault(spec, 'enableServiceLinks', true)
  defaultPodSpec(spec)
  for (const container of objectsAt(spec, 'initContainers')) defaultRequests(container)
  for (const container of objectsAt(spec, 'containers')) defaultRequests(container)
}
