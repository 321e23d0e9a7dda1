import {
  ensureObject,
  isJsonObject,
  objectAt,
  objectsAt,
  setDefault,
  type JsonObject,
} from '../json-value.ts'
import {defaultPersistentVolumeClaim} from './other-kinds.ts'
import {defaultPodSpec} from './pod-spec.ts'

/** Fills in the defaults of `spec.template`, in place. */
function defaultTemplate(spec: JsonObject): void {
  const template = spec['template']
  if (isJsonObject(template)) defaultPodSpec(ensureObject(template, 'spec'))
}

/** Counterpart of k8s.io/kubernetes `pkg/apis/apps/v1` SetDefaults_Deployment. */
export function defaultDeployment(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  setDefault(spec, 'replicas', 1)
  const strategy = ensureObject(spec, 'strategy')
  setDefault(strategy, 'type', 'RollingUpdate')
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = ensureObject(strategy, 'rollingUpdate')
    setDefault(rolling, 'maxUnavailable', '25%')
    setDefault(rolling, 'maxSurge', '25%')
  }
  setDefault(spec, 'revisionHistoryLimit', 10)
  setDefault(spec, 'progressDeadlineSeconds', 600)
  defaultTemplate(spec)
}

/** Counterpart of SetDefaults_ReplicaSet. */
export function defaultReplicaSet(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  setDefault(spec, 'replicas', 1)
  defaultTemplate(spec)
}

/** Counterpart of SetDefaults_ReplicationController: selector and labels follow the template. */
export function defaultReplicationController(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  setDefault(spec, 'replicas', 1)
  const labels = objectAt(objectAt(spec, 'template'), 'metadata')['labels']
  if (isJsonObject(labels)) {
    setDefault(spec, 'selector', {...labels})
    setDefault(ensureObject(object, 'metadata'), 'labels', {...labels})
  }
  defaultTemplate(spec)
}

/** Counterpart of SetDefaults_StatefulSet. */
export function defaultStatefulSet(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  setDefault(spec, 'podManagementPolicy', 'OrderedReady')
  const strategy = ensureObject(spec, 'updateStrategy')
  setDefault(strategy, 'type', 'RollingUpdate')
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = ensureObject(strategy, 'rollingUpdate')
    setDefault(rolling, 'partition', 0)
    setDefault(rolling, 'maxUnavailable', 1)
  }
  const retention = ensureObject(spec, 'persistentVolumeClaimRetentionPolicy')
  setDefault(retention, 'whenDeleted', 'Retain')
  setDefault(retention, 'whenScaled', 'Retain')
  setDefault(spec, 'replicas', 1)
  setDefault(spec, 'revisionHistoryLimit', 10)
  for (const claim of objectsAt(spec, 'volumeClaimTemplates')) {
    setDefault(claim, 'apiVersion', 'v1')
    setDefault(claim, 'kind', 'PersistentVolumeClaim')
    defaultPersistentVolumeClaim(claim)
  }
  defaultTemplate(spec)
}

/** Counterpart of SetDefaults_DaemonSet. */
export function defaultDaemonSet(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  const strategy = ensureObject(spec, 'updateStrategy')
  setDefault(strategy, 'type', 'RollingUpdate')
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = ensureObject(strategy, 'rollingUpdate')
    setDefault(rolling, 'maxUnavailable', 1)
    setDefault(rolling, 'maxSurge', 0)
  }
  setDefault(spec, 'revisionHistoryLimit', 10)
  defaultTemplate(spec)
}

/** Counterpart of `pkg/apis/batch/v1` SetDefaults_Job. */
export function defaultJob(object: JsonObject): void {
  defaultJobSpec(ensureObject(object, 'spec'))
}

function defaultJobSpec(spec: JsonObject): void {
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) {
    spec['completions'] = 1
    spec['parallelism'] = 1
  }
  setDefault(spec, 'parallelism', 1)
  setDefault(spec, 'backoffLimit', spec['backoffLimitPerIndex'] === undefined ? 6 : 2_147_483_647)
  setDefault(spec, 'completionMode', 'NonIndexed')
  setDefault(spec, 'suspend', false)
  setDefault(
    spec,
    'podReplacementPolicy',
    spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  )
  defaultTemplate(spec)
}

/** Counterpart of SetDefaults_CronJob. */
export function defaultCronJob(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  setDefault(spec, 'concurrencyPolicy', 'Allow')
  setDefault(spec, 'suspend', false)
  setDefault(spec, 'successfulJobsHistoryLimit', 3)
  setDefault(spec, 'failedJobsHistoryLimit', 1)
  const template = objectAt(spec, 'jobTemplate')
  if (isJsonObject(template['spec'])) {
    // Completions and the rest are defaulted when the Job is made; the pod template at once.
    const jobSpec = template['spec']
    const inner = jobSpec['template']
    if (isJsonObject(inner)) defaultPodSpec(ensureObject(inner, 'spec'))
  }
}

/** Defaults of the pod template in a PodTemplate. */
export function defaultPodTemplate(object: JsonObject): void {
  defaultTemplate(object)
}
