import {objectAt} from '../json-value.ts'
import {containerImages, containerNames, countAt, formatSelector, templateSpec} from './cells.ts'
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
