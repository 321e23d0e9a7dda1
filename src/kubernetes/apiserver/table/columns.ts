import type {KubeObject} from '../../../api/meta/object.ts'
import {asJson, type JsonObject} from '../json-value.ts'
import {ageSince} from '../../../util/age.ts'

/** A cell of a table. */
export type Cell = string | number | boolean | null

/** A column of the server-side table of a kind. */
export interface TableColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  readonly format?: string
  /** 0 shows always, 1 in the wide output. */
  readonly priority: number
  /** The cell of an object; `nowMs` is for ages. */
  readonly cell: (object: KubeObject, nowMs: number) => Cell
}

type ReadCell = (object: JsonObject, nowMs: number) => Cell

/** How a column is declared. */
export interface ColumnOptions {
  readonly type?: TableColumn['type']
  /** Only in the wide output. */
  readonly wide?: boolean
}

/** Declares a column. */
export function column(
  name: string,
  read: ReadCell,
  {type = 'string', wide = false}: ColumnOptions = {},
): TableColumn {
  return {
    name,
    type,
    priority: wide ? 1 : 0,
    cell: (object, nowMs) => read(asJson(object), nowMs),
  }
}

/** metadata.name, with which nearly every table begins. */
export const nameColumn: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  priority: 0,
  cell: (object) => object.metadata.name,
}

/** How long ago the object was made. */
export const ageColumn: TableColumn = {
  name: 'Age',
  type: 'string',
  priority: 0,
  cell: (object, nowMs) => ageSince(object.metadata.creationTimestamp, nowMs),
}

/** When the object was made. */
export const createdAtColumn: TableColumn = {
  name: 'Created At',
  type: 'date',
  priority: 0,
  cell: (object) => object.metadata.creationTimestamp ?? null,
}
