import type {KubeObject} from '../../../api/meta/object.ts'

/** A cell of a table. */
export type Cell = string | number | boolean | null

/** A column of the server-side table of a kind, after `Name`. */
export interface TableColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  readonly format?: string
  readonly description: string
  /** 0 shows always, 1 in the wide output. */
  readonly priority: number
  /** The cell of an object; `nowMs` is for ages. */
  cell(object: KubeObject, nowMs: number): Cell
}
