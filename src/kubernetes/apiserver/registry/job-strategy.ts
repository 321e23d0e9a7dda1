import {defaultJob} from '../defaulting/workloads.ts'
import {
  cloneJson,
  ensureObject,
  isJsonObject,
  objectAt,
  setDefault,
  stringAt,
  type JsonObject,
} from '../json-value.ts'
import {validateJob, validateJobStatus, validateJobUpdate} from '../validation/jobs.ts'
import {strategy} from './base-strategy.ts'

const CONTROLLER_UID = 'batch.kubernetes.io/controller-uid'

/** Counterpart of k8s.io/kubernetes `pkg/registry/batch/job`. */
export const jobStrategy = strategy({
  hasStatus: true,
  hasGeneration: true,
  defaultPropagation: 'Orphan',
  applyDefaults: defaultJob,
  prepareForCreate(object) {
    object['status'] = {}
    if (objectAt(object, 'spec')['manualSelector'] !== true) generateSelector(object)
    inheritLabels(object)
  },
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: validateJobStatus,
})

/** Marks the pods of a Job as its own, under the names of today and of before. */
function generateSelector(object: JsonObject): void {
  const meta = objectAt(object, 'metadata')
  const spec = ensureObject(object, 'spec')
  const labels = ensureObject(ensureObject(ensureObject(spec, 'template'), 'metadata'), 'labels')
  const uid = stringAt(meta, 'uid')
  const name = stringAt(meta, 'name')
  for (const prefix of ['', 'batch.kubernetes.io/']) {
    setDefault(labels, `${prefix}controller-uid`, uid)
    setDefault(labels, `${prefix}job-name`, name)
  }
  setDefault(ensureObject(ensureObject(spec, 'selector'), 'matchLabels'), CONTROLLER_UID, uid)
}

/** A Job without labels has those of its pods. */
function inheritLabels(object: JsonObject): void {
  const meta = ensureObject(object, 'metadata')
  if (Object.keys(objectAt(meta, 'labels')).length > 0) return
  const labels = objectAt(objectAt(objectAt(object, 'spec'), 'template'), 'metadata')['labels']
  if (isJsonObject(labels)) meta['labels'] = cloneJson(labels)
}
