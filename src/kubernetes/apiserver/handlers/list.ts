import type {KubeObject} from '../../../api/meta/object.ts'
import {CompactedError, type Storage, type Stored} from '../../storage/storage.ts'
import {expired} from '../errors.ts'
import {storageKey, storagePrefix} from '../registry/storage-key.ts'
import type {HandlerResult, ListMetadata, RequestContext} from '../request-context.ts'
import {parseFieldSelector, type FieldMatcher} from '../selectors/field-selector.ts'
import {parseLabelSelector, type LabelMatcher} from '../selectors/label-selector.ts'
import {encodeContinue, parseContinue} from './continue-token.ts'
import {served} from './get.ts'
import {checkListOptions, readCount} from './list-options.ts'
import {readKnownRevision} from './resource-version.ts'

/** Which objects of a collection are wanted. */
export interface Selection {
  readonly labels: LabelMatcher | undefined
  readonly fields: FieldMatcher | undefined
}

/** Reads the selectors of a list, a watch or a delete of a collection. */
export function readSelection({query, resource, info}: RequestContext): Selection {
  const text = query.get('fieldSelector') ?? ''
  // A watch of one object is a watch of the collection that selects it by name.
  const fields = parseFieldSelector(
    info.name === undefined ? text : `metadata.name=${info.name}`,
    resource,
  )
  return {labels: parseLabelSelector(query.get('labelSelector') ?? ''), fields}
}

/** Whether an object is among the wanted ones. */
export function isSelected(object: KubeObject, {labels, fields}: Selection): boolean {
  if (labels !== undefined && !labels(object.metadata.labels)) return false
  return fields === undefined || fields.matches(object)
}

/** Answers a collection, or a page of it. */
export function list(context: RequestContext): HandlerResult {
  const {items, metadata} = readList(context)
  return {kind: 'list', items, metadata}
}

/**
 * Reads a collection as the query asks for it.
 *
 * | resourceVersion | match        | answer                                            |
 * | --------------- | ------------ | ------------------------------------------------- |
 * | none, 0         |              | the newest state                                  |
 * | n               | Exact        | the state at n; 410 when it is compacted          |
 * | n               | NotOlderThan | the newest state; 504 when n is still to come     |
 * | in `continue`   |              | the state of the first page; 410 when compacted   |
 */
export function readList(context: RequestContext): {
  items: KubeObject[]
  metadata: ListMetadata
} {
  const {query, resource, info, server} = context
  checkListOptions(query, false)
  const selection = readSelection(context)
  const limit = readCount(query, 'limit')
  const token = parseContinue(query.get('continue') ?? '', storagePrefix(resource, info.namespace))
  const atRevision = token?.revision ?? readExactRevision(context)
  const single = token === undefined ? readSingle(context, selection, atRevision) : undefined
  if (single !== undefined) return single

  const prefix = storagePrefix(resource, info.namespace)
  const items: KubeObject[] = []
  let startAfter = token?.startAfter
  for (;;) {
    const page = readPage(server, prefix, {
      isContinued: token !== undefined,
      startAfter,
      atRevision,
      limit: limit > 0 ? limit - items.length : undefined,
    })
    for (const {object} of page.items) {
      const shown = served(resource, object)
      if (isSelected(shown, selection)) items.push(shown)
    }
    const last = page.items.at(-1)
    const revision = token?.revision ?? page.storeRevision
    const resourceVersion = String(revision)
    if (!page.hasMore || last === undefined) return {items, metadata: {resourceVersion}}
    if (limit > 0 && items.length >= limit) {
      const isFiltered = selection.labels !== undefined || selection.fields !== undefined
      const next = encodeContinue({revision, startAfter: last.key}, prefix)
      return {
        items,
        metadata: {
          resourceVersion,
          continue: next,
          ...(!isFiltered && {remainingItemCount: page.remaining}),
        },
      }
    }
    startAfter = last.key
  }
}

interface PageOptions {
  readonly isContinued: boolean
  readonly startAfter: string | undefined
  readonly atRevision: number | undefined
  readonly limit: number | undefined
}

const LIST_TOO_OLD = 'The resourceVersion for the provided list is too old.'
const CONTINUE_TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.'

function readPage(
  {storage}: RequestContext['server'],
  prefix: string,
  {isContinued, startAfter, atRevision, limit}: PageOptions,
): ReturnType<Storage['list']> {
  try {
    return storage.list(prefix, {
      ...(startAfter !== undefined && {startAfter}),
      ...(atRevision !== undefined && {atRevision}),
      ...(limit !== undefined && {limit}),
    })
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error
    throw expired(isContinued ? CONTINUE_TOO_OLD : LIST_TOO_OLD)
  }
}

/** A list by name reads one object instead of all. */
function readSingle(
  {server, resource, info}: RequestContext,
  selection: Selection,
  atRevision: number | undefined,
): {items: KubeObject[]; metadata: ListMetadata} | undefined {
  const name = selection.fields?.name
  const isOneKey = info.namespace !== undefined || !resource.type.namespaced
  if (name === undefined || !isOneKey || atRevision !== undefined) return undefined
  const metadata = {resourceVersion: String(server.storage.currentRevision)}
  const stored: Stored | undefined = server.storage.get(storageKey(resource, info.namespace, name))
  if (stored === undefined) return {items: [], metadata}
  const object = served(resource, stored.object)
  return {items: isSelected(object, selection) ? [object] : [], metadata}
}

/** The revision a list must have; undefined when the newest will do. */
function readExactRevision({query, server}: RequestContext): number | undefined {
  const text = query.get('resourceVersion') ?? ''
  const match = query.get('resourceVersionMatch') ?? ''
  const revision = readKnownRevision(text, server)
  if (revision === undefined) return undefined
  const isExact = match === 'Exact' || (match === '' && query.has('limit'))
  return isExact ? revision : undefined
}
