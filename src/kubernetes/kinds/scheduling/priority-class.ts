import {numberAt, setDefault, stringAt} from '../../apiserver/json-value.ts'
import type {KindDeclaration} from '../../apiserver/registry/kind.ts'
import {ageColumn, column, nameColumn, type TableColumn} from '../../apiserver/table/columns.ts'
import {validatePriorityClass, validatePriorityClassUpdate} from './validation.ts'

/** The table of PriorityClasses. */
const priorityClassColumns: readonly TableColumn[] = [
  nameColumn,
  column('Value', (object) => numberAt(object, 'value') ?? 0, {type: 'integer'}),
  column('Global-Default', (object) => (object['globalDefault'] === true ? 'true' : 'false')),
  ageColumn,
  column('PreemptionPolicy', (object) => stringAt(object, 'preemptionPolicy')),
]

/** Counterpart of k8s.io/kubernetes `pkg/registry/scheduling/priorityclass`. */
export const priorityClass: KindDeclaration = {
  groupVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  scope: 'Cluster',
  shortNames: ['pc'],
  columns: priorityClassColumns,
  strategy: {
    hasGeneration: true,
    applyDefaults: (object) => setDefault(object, 'preemptionPolicy', 'PreemptLowerPriority'),
    validate: validatePriorityClass,
    validateUpdate: validatePriorityClassUpdate,
  },
}
