import {objectAt} from '../../apiserver/json-value.ts'
import {
  containerImages,
  containerNames,
  countAt,
  formatSelector,
  templateSpec,
} from '../../apiserver/table/cells.ts'
import {ageColumn, column, nameColumn, type TableColumn} from '../../apiserver/table/columns.ts'

const INTEGER = {type: 'integer'} as const

const templateColumns: readonly TableColumn[] = [
  column('Containers', (object) => containerNames(templateSpec(object)), {wide: true}),
  column('Images', (object) => containerImages(templateSpec(object)), {wide: true}),
  column('Selector', (object) => formatSelector(objectAt(object, 'spec')['selector']), {
    wide: true,
  }),
]

/** The table of Deployments. */
export const deploymentColumns: readonly TableColumn[] = [
  nameColumn,
  column(
    'Ready',
    (object) =>
      `${countAt(object, 'status', 'readyReplicas')}/${countAt(object, 'spec', 'replicas')}`,
  ),
  column('Up-to-date', (object) => countAt(object, 'status', 'updatedReplicas')),
  column('Available', (object) => countAt(object, 'status', 'availableReplicas')),
  ageColumn,
  ...templateColumns,
]

/** The table of ReplicaSets. */
export const replicaSetColumns: readonly TableColumn[] = [
  nameColumn,
  column('Desired', (object) => countAt(object, 'spec', 'replicas'), INTEGER),
  column('Current', (object) => countAt(object, 'status', 'replicas'), INTEGER),
  column('Ready', (object) => countAt(object, 'status', 'readyReplicas'), INTEGER),
  ageColumn,
  ...templateColumns,
]
