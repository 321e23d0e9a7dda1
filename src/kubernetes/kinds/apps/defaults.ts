import {
  ensureObject,
  isJsonObject,
  setDefault,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import {defaultPodSpec} from '../core/pod-spec/defaults.ts'

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

/** One pod, unless told: for workloads that are stored only, which clients scale and describe. */
export function defaultReplicas(object: JsonObject): void {
  setDefault(ensureObject(object, 'spec'), 'replicas', 1)
}
