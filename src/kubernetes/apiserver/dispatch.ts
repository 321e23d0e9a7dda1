import {StatusError} from '../../api/meta/status-error.ts'
import type {ApiRequest, ApiResponse} from '../../api/transport.ts'
import {TooLargeError} from '../storage/storage.ts'
import {discover} from './discovery/discover.ts'
import {internalError, methodNotAllowed, objectTooLarge, resourceNotFound} from './errors.ts'
import {create} from './handlers/create.ts'
import {deleteCollection} from './handlers/delete-collection.ts'
import {deleteOne} from './handlers/delete.ts'
import {get} from './handlers/get.ts'
import {readFlag} from './handlers/list-options.ts'
import {list} from './handlers/list.ts'
import {patch} from './handlers/patch.ts'
import {subresource} from './handlers/subresource.ts'
import {update} from './handlers/update.ts'
import {watch} from './handlers/watch.ts'
import {negotiate} from './negotiation.ts'
import {findProxied, proxy} from './proxy/proxy.ts'
import type {
  HandlerResult,
  Query,
  RequestContext,
  ServedResource,
  ServerContext,
  ServerRequest,
  Verb,
} from './request-context.ts'
import {render} from './render.ts'
import {parsePath, type RequestInfo} from './request-info.ts'
import {timestamp} from './timestamp.ts'

/** Answers a request. Never rejects: what goes wrong becomes a Status. */
export async function dispatch(
  server: ServerContext,
  request: ServerRequest,
): Promise<ApiResponse> {
  const warnings: string[] = []
  try {
    return await answer(server, request, warnings)
  } catch (error) {
    return failureResponse(error, warnings)
  }
}

/** The answer that a thrown error becomes. */
export function failureResponse(error: unknown, warnings: readonly string[] = []): ApiResponse {
  const {status} = answeredError(error)
  const retryAfter = status.details?.retryAfterSeconds
  return {
    status: status.code ?? 500,
    headers: {
      'content-type': 'application/json',
      ...(retryAfter !== undefined && {'retry-after': String(retryAfter)}),
    },
    warnings,
    body: {kind: 'json', value: status},
  }
}

function answeredError(error: unknown): StatusError {
  if (error instanceof StatusError) return error
  return error instanceof TooLargeError ? objectTooLarge(error.message) : internalError(error)
}

async function answer(
  server: ServerContext,
  request: ServerRequest,
  warnings: string[],
): Promise<ApiResponse> {
  const passedOn = findProxied(server, request.path)
  if (passedOn !== undefined) return proxy(request, passedOn)
  const place = parsePath(request.path)
  if (place.kind === 'malformed') throw resourceNotFound()
  if (place.kind === 'other') return discover(server, request, place.segments)
  const {info} = place
  const resource = server.registry.find(info.group, info.version, info.resource)
  if (resource === undefined) {
    if (server.registry.isBuiltinGroup(info.group)) throw resourceNotFound()
    return discover(server, request, undefined)
  }
  const representation = negotiate(request.headers['accept'])
  const context = makeContext(server, request, {resource, info}, warnings)
  const {deprecation} = resource.strategy
  if (deprecation !== undefined) warnings.push(deprecation)
  return render(await handle(context, request.method), {
    resource,
    representation,
    query: request.query,
    now: () => server.clock.now(),
    warnings,
  })
}

/**
 * The context of a request to a resource that is served, for those who do not answer it with a
 * document; undefined for every other path.
 */
export function contextOf(
  server: ServerContext,
  request: ServerRequest,
): RequestContext | undefined {
  const place = parsePath(request.path)
  if (place.kind !== 'resource') return undefined
  const {info} = place
  const resource = server.registry.find(info.group, info.version, info.resource)
  return resource && makeContext(server, request, {resource, info}, [])
}

function makeContext(
  server: ServerContext,
  request: ServerRequest,
  place: Pick<RequestContext, 'resource' | 'info'>,
  warnings: string[],
): RequestContext {
  return {
    server,
    user: request.user,
    ...place,
    query: request.query,
    headers: request.headers,
    body: request.body,
    signal: request.signal,
    now: timestamp(server.clock.now()),
    warnings,
  }
}

function handle(context: RequestContext, method: string): HandlerResult | Promise<HandlerResult> {
  const {info, resource} = context
  if (resource.type.namespaced && info.name !== undefined && info.namespace === undefined) {
    throw resourceNotFound()
  }
  if (resource.answer !== undefined && method === 'POST' && info.name === undefined) {
    return resource.answer(context, 'create')
  }
  if (info.subresource !== undefined) return subresource(context, method)
  const verb = verbOf(method, info, context.query, resource)
  switch (verb) {
    case 'create':
      return create(context)
    case 'get':
      return get(context)
    case 'list':
      return list(context)
    case 'watch':
      return watch(context)
    case 'update':
      return update(context)
    case 'patch':
      return patch(context)
    case 'delete':
      return deleteOne(context)
    case 'deletecollection':
      return deleteCollection(context)
  }
}

function verbOf(method: string, info: RequestInfo, query: Query, resource: ServedResource): Verb {
  const verb = wantedVerb(method, info, query, resource)
  if (verb === undefined || !resource.verbs.includes(verb)) throw methodNotAllowed()
  return verb
}

function wantedVerb(
  method: string,
  info: RequestInfo,
  query: Query,
  resource: ServedResource,
): Verb | undefined {
  const isNamed = info.name !== undefined
  switch (method) {
    case 'GET': {
      const wantsWatch = info.watch === true || readFlag(query, 'watch')
      if (wantsWatch && (!isNamed || info.watch === true)) return 'watch'
      return isNamed ? 'get' : 'list'
    }
    case 'POST':
      // Upstream creates a custom resource at a named path too; built-in kinds refuse.
      return isNamed && !resource.isCustom ? undefined : 'create'
    case 'PUT':
      return isNamed ? 'update' : undefined
    case 'PATCH':
      return isNamed ? 'patch' : undefined
    case 'DELETE':
      return isNamed ? 'delete' : 'deletecollection'
    default:
      return undefined
  }
}

/** The query of a request from inside the process. */
export function queryOf(query: ApiRequest['query']): Query {
  const map = new Map<string, string>()
  if (query === undefined) return map
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    const first = typeof value === 'string' ? value : value[0]
    if (first !== undefined) map.set(name, first)
  }
  return map
}
