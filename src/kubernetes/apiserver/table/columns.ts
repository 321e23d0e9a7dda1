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
  /** The text itself, or the field of a built-in type whose text it is: `core.v1.PodSpec#nodeName`. */
  readonly description: string | {readonly of: string}
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

/**
 * Declares a column. `description` is a text, or `#core.v1.PodSpec#nodeName` for the text of a
 * field.
 */
export function column(
  name: string,
  description: string,
  read: ReadCell,
  {type = 'string', wide = false}: ColumnOptions = {},
): TableColumn {
  return {
    name,
    type,
    description: description.startsWith('#') ? {of: description.slice(1)} : description,
    priority: wide ? 1 : 0,
    cell: (object, nowMs) => read(asJson(object), nowMs),
  }
}

/** metadata.name, with which nearly every table begins. */
export const nameColumn: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  // The type's own text, and what every column of a name or an age says besides.
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  priority: 0,
  cell: (object) => object.metadata.name,
}

/** What the API says about metadata.creationTimestamp. */
const CREATED_DESCRIPTION =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata'

/** How long ago the object was made. */
export const ageColumn: TableColumn = {
  name: 'Age',
  type: 'string',
  description: CREATED_DESCRIPTION,
  priority: 0,
  cell: (object, nowMs) => ageSince(object.metadata.creationTimestamp, nowMs),
}

/** When the object was made. */
export const createdAtColumn: TableColumn = {
  name: 'Created At',
  type: 'date',
  description: CREATED_DESCRIPTION,
  priority: 0,
  cell: (object) => object.metadata.creationTimestamp ?? null,
}
