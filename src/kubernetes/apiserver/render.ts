import type {KubeObject, WatchEvent} from '../../api/meta/object.ts'
import {failure} from '../../api/meta/status-error.ts'
import type {ApiResponse, WatchBody} from '../../api/transport.ts'
import type {Representation} from './negotiation.ts'
import type {ServedResource, HandlerResult, ListMetadata, Query} from './request-context.ts'
import {badRequest} from './errors.ts'
import {makeTable, partialObject, type IncludeObject, type TableOptions} from './table/table.ts'

/** What rendering needs to know about a request. */
export interface RenderRequest {
  readonly resource: ServedResource
  readonly representation: Representation
  readonly query: Query
  /** Asked anew for each event of a watch: ages go on. */
  readonly now: () => number
  readonly warnings: readonly string[]
}

/**
 * Lists whose items go over the network without apiVersion and kind, as those of built-in kinds do.
 * In process they keep them, so that nobody has to put them back.
 */
export const bareLists = new WeakSet<object>()

type EventOf = WatchEvent<KubeObject>

/** Turns what a handler answered into the form that the client accepts. */
export function render(result: HandlerResult, context: RenderRequest): ApiResponse {
  const {representation, warnings} = context
  const headers = {
    'content-type': representation.encoding === 'yaml' ? 'application/yaml' : 'application/json',
  }
  switch (result.kind) {
    case 'object':
      return json(result.status, objectAs(result, context), headers, warnings)
    case 'list':
      return json(200, listAs(result.items, result.metadata, context), headers, warnings)
    case 'document':
      return json(result.status, result.value, headers, warnings)
    case 'watch':
      return {
        status: 200,
        headers,
        warnings,
        // The events of a Table watch carry tables; the type of the contract knows only objects.
        body: {
          kind: 'watch',
          events: eventsAs(result.events, context) as AsyncIterable<WatchEvent>,
          ...(result.subscribe !== undefined &&
            context.representation.as === undefined && {
              subscribe: result.subscribe as NonNullable<WatchBody['subscribe']>,
            }),
        },
      }
    case 'bytes':
      return {
        status: 200,
        headers: {'content-type': result.type},
        warnings,
        body: {kind: 'bytes', chunks: result.chunks},
      }
  }
}

function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>>,
  warnings: readonly string[],
): ApiResponse {
  return {status, headers, warnings, body: {kind: 'json', value}}
}

function objectAs(
  {object, columns}: Extract<HandlerResult, {kind: 'object'}>,
  context: RenderRequest,
): object {
  const {as, apiVersion = 'meta.k8s.io/v1'} = context.representation
  if (as === undefined) return object
  switch (as) {
    case 'Table':
      return makeTable([object], versionOf(object), {
        ...tableOptions(context),
        ...(columns !== undefined && {resource: {columns}}),
      })
    case 'PartialObjectMetadata':
      return partialObject(object, apiVersion)
    case 'PartialObjectMetadataList':
      throw failure(
        406,
        'NotAcceptable',
        'you requested PartialObjectMetadataList, but the requested object is not a list',
      )
  }
}

function versionOf({metadata}: KubeObject): Partial<ListMetadata> {
  const {resourceVersion} = metadata
  return resourceVersion === undefined ? {} : {resourceVersion}
}

function listAs(
  items: readonly KubeObject[],
  metadata: ListMetadata,
  context: RenderRequest,
): object {
  const {resource} = context
  const {as, apiVersion = 'meta.k8s.io/v1'} = context.representation
  if (as === undefined) {
    const list = {
      kind: resource.listKind,
      apiVersion: resource.apiVersion,
      metadata: resource.isCustom ? {continue: '', ...metadata} : metadata,
      items,
    }
    if (!resource.isCustom) bareLists.add(list)
    return list
  }
  switch (as) {
    case 'Table':
      return makeTable(items, metadata, tableOptions(context))
    case 'PartialObjectMetadata':
    case 'PartialObjectMetadataList':
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion,
        metadata,
        items: items.map((item) => partialObject(item, apiVersion)),
      }
  }
}

async function* eventsAs(
  events: AsyncIterable<EventOf>,
  context: RenderRequest,
): AsyncGenerator<unknown> {
  const {representation} = context
  if (representation.as === undefined) {
    yield* events
    return
  }
  let isFirst = true
  for await (const event of events) {
    if (event.type === 'ERROR') {
      yield event
      continue
    }
    const {object} = event
    if (representation.as === 'Table') {
      const items = event.type === 'BOOKMARK' ? [] : [object]
      const options = {...tableOptions(context), withColumns: isFirst}
      yield {type: event.type, object: makeTable(items, versionOf(object), options)}
      isFirst = false
    } else {
      yield {
        type: event.type,
        object: partialObject(object, representation.apiVersion ?? 'meta.k8s.io/v1'),
      }
    }
  }
}

const INCLUDES: readonly IncludeObject[] = ['Metadata', 'Object', 'None']

function tableOptions(context: RenderRequest): TableOptions {
  const {resource, representation, query, now} = context
  const include = query.get('includeObject') || 'Metadata'
  const known = INCLUDES.find((name) => name === include)
  if (known === undefined) {
    const problem = `includeObject: Invalid value: ${JSON.stringify(include)}: must be 'Metadata', 'Object', 'None', or empty`
    throw badRequest(`Unable to convert to Table as requested: ${problem}`)
  }
  return {
    resource,
    apiVersion: representation.apiVersion ?? 'meta.k8s.io/v1',
    include: known,
    nowMs: now(),
  }
}
