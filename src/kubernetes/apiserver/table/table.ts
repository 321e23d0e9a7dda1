import type {KubeObject} from '../../../api/meta/object.ts'
import type {ServedResource} from '../registry/served-resource.ts'
import type {ListMetadata} from '../request-context.ts'
import type {Cell} from './columns.ts'
import {NAME_DESCRIPTION} from './common-columns.ts'

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
  readonly resource: ServedResource
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
    columnDefinitions: withColumns ? columnDefinitions(resource) : null,
    rows: items.map((item) => ({
      cells: [item.metadata.name, ...resource.columns.map((column) => column.cell(item, nowMs))],
      object: rowObject(item, options),
    })),
  }
}

function columnDefinitions(resource: ServedResource): ColumnDefinition[] {
  return [
    {name: 'Name', type: 'string', format: 'name', description: NAME_DESCRIPTION, priority: 0},
    ...resource.columns.map(({name, type, format = '', description, priority}) => ({
      name,
      type,
      format,
      description,
      priority,
    })),
  ]
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
