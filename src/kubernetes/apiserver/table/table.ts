import type {KubeObject} from '../../../api/meta/object.ts'
import type {ServedResource, ListMetadata} from '../request-context.ts'
import type {Cell, TableColumn} from './columns.ts'

/** How much of each object goes along with its row. */
export type IncludeObject = 'None' | 'Metadata' | 'Object'

interface ColumnDefinition {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string
  readonly priority: number
}

/** Kubernetes `meta.k8s.io` Table. */
export interface Table {
  readonly kind: 'Table'
  readonly apiVersion: string
  readonly metadata: Partial<ListMetadata>
  readonly columnDefinitions: readonly ColumnDefinition[] | null
  readonly rows: readonly {readonly cells: readonly Cell[]; readonly object: unknown}[]
}

/** What a table is made of and how. */
export interface TableOptions {
  readonly resource: Pick<ServedResource, 'columns'>
  readonly apiVersion: string
  readonly include: IncludeObject
  readonly nowMs: number
  /** Left out in the later events of a watch. */
  readonly withColumns?: boolean
}

/** The table of some objects, as kubectl prints them. */
export function makeTable(
  items: readonly KubeObject[],
  metadata: Partial<ListMetadata>,
  options: TableOptions,
): Table {
  const {resource, apiVersion, nowMs, withColumns = true} = options
  return {
    kind: 'Table',
    apiVersion,
    metadata,
    columnDefinitions: withColumns ? resource.columns.map(columnDefinition) : null,
    rows: items.map((item) => ({
      cells: resource.columns.map((column) => column.cell(item, nowMs)),
      object: rowObject(item, options),
    })),
  }
}

/** The description is a field that clients may expect; none of them prints it. */
function columnDefinition({name, type, format = '', priority}: TableColumn): ColumnDefinition {
  return {name, type, format, description: '', priority}
}

function rowObject(item: KubeObject, {include, apiVersion}: TableOptions): unknown {
  switch (include) {
    case 'None':
      return null
    case 'Metadata':
      return partialObject(item, apiVersion)
    case 'Object':
      return item
  }
}

/** Kubernetes `meta.k8s.io` PartialObjectMetadata. */
export function partialObject(item: KubeObject, apiVersion: string): object {
  return {kind: 'PartialObjectMetadata', apiVersion, metadata: item.metadata}
}
