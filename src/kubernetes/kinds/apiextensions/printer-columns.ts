import {formatAge} from '../../../util/age.ts'
import {ageColumn, nameColumn, type Cell, type TableColumn} from '../../apiserver/table/columns.ts'
import {numberAt, objectsAt, stringAt, type JsonObject} from '../../apiserver/json-value.ts'
import {parseJsonPath} from './json-path.ts'

/** The columns that a version of a CustomResourceDefinition declares; only the age without any. */
export function customColumns(version: JsonObject): TableColumn[] {
  const declared = objectsAt(version, 'additionalPrinterColumns')
  return [nameColumn, ...(declared.length === 0 ? [ageColumn] : declared.map(customColumn))]
}

function customColumn(column: JsonObject): TableColumn {
  const path = stringAt(column, 'jsonPath')
  const type = stringAt(column, 'type') as TableColumn['type']
  const read = parseJsonPath(path)
  const format = stringAt(column, 'format')
  return {
    name: stringAt(column, 'name'),
    type,
    ...(format !== '' && {format}),
    priority: numberAt(column, 'priority') ?? 0,
    cell: (object, nowMs) => {
      const found = read?.(object) ?? []
      return cellOf(found, type, nowMs)
    },
  }
}

/** Counterpart of k8s.io/apiextensions-apiserver `tableconvertor.cellForJSONValue`. */
function cellOf(values: readonly unknown[], type: TableColumn['type'], nowMs: number): Cell {
  const [value] = values
  if (value === undefined || value === null) return null
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'string':
      if (values.length > 1) return values.map(textOf).join(',')
      return textOf(value)
    case 'date': {
      if (typeof value !== 'string') return null
      const timeMs = Date.parse(value)
      return Number.isNaN(timeMs) ? '<invalid>' : formatAge(nowMs - timeMs)
    }
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
