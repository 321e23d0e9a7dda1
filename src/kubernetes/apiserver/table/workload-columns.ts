import {numberAt, objectAt, objectsAt, stringAt, type JsonObject} from '../json-value.ts'
import {ageSince, formatAge} from '../../../util/age.ts'
import {
  containerImages,
  containerNames,
  countAt,
  formatLabels,
  formatSelector,
  NONE,
  templateSpec,
} from './cells.ts'
import {ageColumn, column, nameColumn, type TableColumn} from './columns.ts'

const INTEGER = {type: 'integer'} as const

function templateColumns(selectorDescription: string): TableColumn[] {
  return [
    column(
      'Containers',
      'Names of each container in the template.',
      (object) => containerNames(templateSpec(object)),
      {wide: true},
    ),
    column(
      'Images',
      'Images referenced by each container in the template.',
      (object) => containerImages(templateSpec(object)),
      {wide: true},
    ),
    column(
      'Selector',
      selectorDescription,
      (object) => formatSelector(objectAt(object, 'spec')['selector']),
      {wide: true},
    ),
  ]
}

/** The table of Deployments. */
export const deploymentColumns: readonly TableColumn[] = [
  nameColumn,
  column(
    'Ready',
    'Number of the pod with ready state',
    (object) =>
      `${countAt(object, 'status', 'readyReplicas')}/${countAt(object, 'spec', 'replicas')}`,
  ),
  column('Up-to-date', '#apps.v1.DeploymentStatus#updatedReplicas', (object) =>
    countAt(object, 'status', 'updatedReplicas'),
  ),
  column('Available', '#apps.v1.DeploymentStatus#availableReplicas', (object) =>
    countAt(object, 'status', 'availableReplicas'),
  ),
  ageColumn,
  ...templateColumns(
    "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment. It must match the pod template's labels.",
  ),
]

/** The table of ReplicaSets. */
export const replicaSetColumns: readonly TableColumn[] = [
  nameColumn,
  column(
    'Desired',
    '#apps.v1.ReplicaSetSpec#replicas',
    (object) => countAt(object, 'spec', 'replicas'),
    INTEGER,
  ),
  column(
    'Current',
    '#apps.v1.ReplicaSetStatus#replicas',
    (object) => countAt(object, 'status', 'replicas'),
    INTEGER,
  ),
  column(
    'Ready',
    '#apps.v1.ReplicaSetStatus#readyReplicas',
    (object) => countAt(object, 'status', 'readyReplicas'),
    INTEGER,
  ),
  ageColumn,
  ...templateColumns(
    "Selector is a label query over pods that should match the replica count. Label keys and values that must match in order to be controlled by this replica set. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
  ),
]

/** The table of ReplicationControllers. */
export const replicationControllerColumns: readonly TableColumn[] = [
  nameColumn,
  column(
    'Desired',
    '#core.v1.ReplicationControllerSpec#replicas',
    (object) => countAt(object, 'spec', 'replicas'),
    INTEGER,
  ),
  column(
    'Current',
    '#core.v1.ReplicationControllerStatus#replicas',
    (object) => countAt(object, 'status', 'replicas'),
    INTEGER,
  ),
  column(
    'Ready',
    '#core.v1.ReplicationControllerStatus#readyReplicas',
    (object) => countAt(object, 'status', 'readyReplicas'),
    INTEGER,
  ),
  ageColumn,
  ...templateColumns('').slice(0, 2),
  column(
    'Selector',
    '#core.v1.ReplicationControllerSpec#selector',
    (object) => formatLabels(objectAt(object, 'spec')['selector']),
    {wide: true},
  ),
]

/** The table of StatefulSets. */
export const statefulSetColumns: readonly TableColumn[] = [
  nameColumn,
  column(
    'Ready',
    'Number of the pod with ready state',
    (object) =>
      `${countAt(object, 'status', 'readyReplicas')}/${countAt(object, 'spec', 'replicas')}`,
  ),
  ageColumn,
  ...templateColumns('').slice(0, 2),
]

/** The table of DaemonSets. */
export const daemonSetColumns: readonly TableColumn[] = [
  nameColumn,
  ...(
    [
      ['Desired', 'desiredNumberScheduled'],
      ['Current', 'currentNumberScheduled'],
      ['Ready', 'numberReady'],
      ['Up-to-date', 'updatedNumberScheduled'],
      ['Available', 'numberAvailable'],
    ] as const
  ).map(([name, field]) =>
    column(
      name,
      `#apps.v1.DaemonSetStatus#${field}`,
      (object) => countAt(object, 'status', field),
      INTEGER,
    ),
  ),
  column('Node Selector', '#core.v1.PodSpec#nodeSelector', (object) =>
    formatLabels(templateSpec(object)['nodeSelector']),
  ),
  ageColumn,
  ...templateColumns('#apps.v1.DaemonSetSpec#selector'),
]

/** The table of Jobs. */
export const jobColumns: readonly TableColumn[] = [
  nameColumn,
  column('Status', 'Status of the job.', jobStatus),
  column('Completions', '#batch.v1.JobStatus#succeeded', jobCompletions),
  column('Duration', 'Time required to complete the job.', jobDuration),
  ageColumn,
  ...templateColumns('#batch.v1.JobSpec#selector'),
]

function jobStatus(job: JsonObject): string {
  const conditions = objectsAt(objectAt(job, 'status'), 'conditions')
  const has = (type: string): boolean =>
    conditions.some((item) => item['type'] === type && item['status'] === 'True')
  if (has('Complete')) return 'Complete'
  if (has('Failed')) return 'Failed'
  if (objectAt(job, 'metadata')['deletionTimestamp'] !== undefined) return 'Terminating'
  if (has('Suspended')) return 'Suspended'
  if (has('FailureTarget')) return 'FailureTarget'
  return has('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running'
}

function jobCompletions(job: JsonObject): string {
  const spec = objectAt(job, 'spec')
  const succeeded = countAt(job, 'status', 'succeeded')
  const completions = numberAt(spec, 'completions')
  if (completions !== undefined) return `${succeeded}/${completions}`
  const parallelism = numberAt(spec, 'parallelism') ?? 0
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function jobDuration(job: JsonObject, nowMs: number): string {
  const status = objectAt(job, 'status')
  const start = stringAt(status, 'startTime')
  if (start === '') return ''
  const end = stringAt(status, 'completionTime')
  return formatAge((end === '' ? nowMs : Date.parse(end)) - Date.parse(start))
}

/** The table of CronJobs. */
export const cronJobColumns: readonly TableColumn[] = [
  nameColumn,
  column('Schedule', '#batch.v1.CronJobSpec#schedule', (object) =>
    stringAt(objectAt(object, 'spec'), 'schedule'),
  ),
  column('Timezone', '#batch.v1.CronJobSpec#timeZone', (object) => {
    const zone = stringAt(objectAt(object, 'spec'), 'timeZone')
    return zone === '' ? NONE : zone
  }),
  column('Suspend', '#batch.v1.CronJobSpec#suspend', (object) =>
    objectAt(object, 'spec')['suspend'] === true ? 'True' : 'False',
  ),
  column(
    'Active',
    '#batch.v1.CronJobStatus#active',
    (object) => objectsAt(objectAt(object, 'status'), 'active').length,
    INTEGER,
  ),
  column('Last Schedule', '#batch.v1.CronJobStatus#lastScheduleTime', (object, nowMs) => {
    const last = stringAt(objectAt(object, 'status'), 'lastScheduleTime')
    return last === '' ? NONE : ageSince(last, nowMs)
  }),
  ageColumn,
  column(
    'Containers',
    'Names of each container in the template.',
    (object) => containerNames(jobTemplateSpec(object)),
    {wide: true},
  ),
  column(
    'Images',
    'Images referenced by each container in the template.',
    (object) => containerImages(jobTemplateSpec(object)),
    {wide: true},
  ),
  column(
    'Selector',
    '#batch.v1.JobSpec#selector',
    (object) =>
      formatSelector(
        objectAt(objectAt(objectAt(object, 'spec'), 'jobTemplate'), 'spec')['selector'],
      ),
    {wide: true},
  ),
]

function jobTemplateSpec(object: JsonObject): JsonObject {
  return templateSpec(objectAt(objectAt(object, 'spec'), 'jobTemplate'))
}

/** The table of PodTemplates. */
export const podTemplateColumns: readonly TableColumn[] = [
  nameColumn,
  column('Containers', 'Names of each container in the template.', (object) =>
    containerNames(objectAt(objectAt(object, 'template'), 'spec')),
  ),
  column('Images', 'Images referenced by each container in the template.', (object) =>
    containerImages(objectAt(objectAt(object, 'template'), 'spec')),
  ),
  column('Pod Labels', 'The labels for the pod template.', (object) =>
    formatLabels(objectAt(objectAt(object, 'template'), 'metadata')['labels']),
  ),
]

/** The table of ControllerRevisions. */
export const controllerRevisionColumns: readonly TableColumn[] = [
  nameColumn,
  column('Controller', 'Controller of the object', (object) => {
    const owners = objectsAt(objectAt(object, 'metadata'), 'ownerReferences')
    const owner = owners.find(({controller}) => controller === true)
    if (owner === undefined) return NONE
    const [group = '', version] = stringAt(owner, 'apiVersion').split('/')
    const suffix = version === undefined ? '' : `.${group}`
    return `${stringAt(owner, 'kind').toLowerCase()}${suffix}/${stringAt(owner, 'name')}`
  }),
  column(
    'Revision',
    '#apps.v1.ControllerRevision#revision',
    (object) => numberAt(object, 'revision') ?? 0,
  ),
  ageColumn,
]
