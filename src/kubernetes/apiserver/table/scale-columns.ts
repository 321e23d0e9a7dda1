import {countAt} from './cells.ts'
import {ageColumn, column, nameColumn, type TableColumn} from './columns.ts'

/** The table of a Scale. */
export const scaleColumns: readonly TableColumn[] = [
  {...nameColumn, format: ''},
  column('Desired', (object) => countAt(object, 'spec', 'replicas'), {type: 'integer'}),
  column('Available', (object) => countAt(object, 'status', 'replicas'), {type: 'integer'}),
  ageColumn,
]
