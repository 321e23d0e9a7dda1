import {countAt} from './cells.ts'
import {ageColumn, column, nameColumn, type TableColumn} from './columns.ts'

/** The table of a Scale. */
export const scaleColumns: readonly TableColumn[] = [
  {...nameColumn, format: ''},
  column(
    'Desired',
    'replicas is the desired number of instances for the scaled object.',
    (object) => countAt(object, 'spec', 'replicas'),
    {type: 'integer'},
  ),
  column(
    'Available',
    'replicas is the actual number of observed instances of the scaled object.',
    (object) => countAt(object, 'status', 'replicas'),
    {type: 'integer'},
  ),
  ageColumn,
]
