/** The tables of `list` commands, equal to kn's. */
import type {Secret} from '../api/core/v1.ts'
import {CONFIGURATION_GENERATION_LABEL} from '../api/serving/metadata-keys.ts'
import type {DomainMapping, Revision, Route, Service} from '../api/serving/v1.ts'
import {ageSince} from '../util/age.ts'
import type {RevisionRow} from '../operations/revision/list-revisions.ts'
import {countConditions, notReadyReason, readyText} from './condition-text.ts'
import {alignTabs, TABLE_TABS} from './tab-writer.ts'

/** How a table is printed. */
export interface TableOptions {
  readonly nowMs: number
  /** Puts a column with the namespace in front. */
  readonly withNamespace?: boolean
  readonly withHeaders?: boolean
}

/**
 * Services, one to a line.
 *
 * @example
 *   NAME    URL                                     LATEST        AGE   CONDITIONS   READY   REASON
 *   hello   http://hello.j-kn.knative.example.com   hello-00002   12s   3 OK / 3     True
 */
export function renderServiceTable(services: readonly Service[], options: TableOptions): string {
  const headers = ['NAME', 'URL', 'LATEST', 'AGE', 'CONDITIONS', 'READY', 'REASON']
  const rows = services.map(({metadata, status}) => ({
    namespace: metadata.namespace ?? '',
    cells: [
      metadata.name,
      status?.url ?? '',
      status?.latestReadyRevisionName ?? '',
      ageSince(metadata.creationTimestamp, options.nowMs),
      countConditions(status?.conditions),
      readyText(status?.conditions),
      notReadyReason(status?.conditions),
    ],
  }))
  return renderTable(headers, rows, options)
}

/** Longer cells of the revisions' table are cut, as kn does. */
const REVISION_CELL_LENGTH = 50

/**
 * Revisions, one to a line, with their share of the traffic.
 *
 * @example
 *   NAME          SERVICE   TRAFFIC   TAGS     GENERATION   AGE   CONDITIONS   READY   REASON
 *   hello-00004   hello     80%       stable   4            2s    4 OK / 4     True
 */
export function renderRevisionTable(
  revisions: readonly RevisionRow[],
  options: TableOptions,
): string {
  const headers = [
    'NAME',
    'SERVICE',
    'TRAFFIC',
    'TAGS',
    'GENERATION',
    'AGE',
    'CONDITIONS',
    'READY',
    'REASON',
  ]
  const rows = revisions.map((row) => ({
    namespace: cut(row.revision.metadata.namespace ?? ''),
    cells: revisionCells(row, row.revision, options.nowMs).map(cut),
  }))
  return renderTable(headers, rows, options)
}

function revisionCells(row: RevisionRow, {metadata, status}: Revision, nowMs: number): string[] {
  return [
    metadata.name,
    row.service ?? '',
    row.percent === 0 ? '' : `${row.percent}%`,
    row.tags.join(','),
    metadata.labels?.[CONFIGURATION_GENERATION_LABEL] ?? '',
    ageSince(metadata.creationTimestamp, nowMs),
    countConditions(status?.conditions),
    readyText(status?.conditions),
    notReadyReason(status?.conditions),
  ]
}

/**
 * Routes, one to a line; never with a namespace, as in kn.
 *
 * @example
 *   NAME    URL                                     READY
 *   hello   http://hello.j-kn.knative.example.com   True
 */
export function renderRouteTable(routes: readonly Route[], options: TableOptions): string {
  const rows = routes.map(({metadata, status}) => ({
    namespace: '',
    cells: [metadata.name, status?.url ?? '', readyText(status?.conditions)],
  }))
  return renderTable(['NAME', 'URL', 'READY'], rows, {...options, withNamespace: false})
}

/**
 * Host names and where they lead.
 *
 * @example
 *   NAME              URL                      READY   KSVC
 *   web.example.com   http://web.example.com   True    web
 */
export function renderDomainTable(
  mappings: readonly DomainMapping[],
  options: TableOptions,
): string {
  const rows = mappings.map(({metadata, spec, status}) => ({
    namespace: metadata.namespace ?? '',
    cells: [metadata.name, status?.url ?? '', readyText(status?.conditions), spec.ref.name ?? ''],
  }))
  return renderTable(['NAME', 'URL', 'READY', 'KSVC'], rows, options)
}

/**
 * Secrets with their types, never with what is in them.
 *
 * @example
 *   NAME   TYPE
 *   db     Opaque
 */
export function renderSecretTable(secrets: readonly Secret[], options: TableOptions): string {
  const rows = secrets.map(({metadata, type}) => ({
    namespace: metadata.namespace ?? '',
    cells: [metadata.name, type ?? ''],
  }))
  return renderTable(['NAME', 'TYPE'], rows, options)
}

function renderTable(
  headers: readonly string[],
  rows: readonly {namespace: string; cells: readonly string[]}[],
  {withNamespace = false, withHeaders = true}: TableOptions,
): string {
  const lines = rows.map(({namespace, cells}) => (withNamespace ? [namespace, ...cells] : cells))
  if (withHeaders) lines.unshift(withNamespace ? ['NAMESPACE', ...headers] : headers)
  const text = lines.map((cells) => `${cells.join('\t')}\n`).join('')
  return alignTabs(text, TABLE_TABS)
}

// kn cuts bytes; a character cut in half would not be text any more.
function cut(cell: string): string {
  return cell.length <= REVISION_CELL_LENGTH
    ? cell
    : `${cell.slice(0, REVISION_CELL_LENGTH - 4)} ...`
}
