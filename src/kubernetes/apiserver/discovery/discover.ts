import type {ApiResponse} from '../../../api/transport.ts'
import {methodNotAllowed} from '../errors.ts'
import type {ResourceRegistry, ServerContext, ServerRequest} from '../request-context.ts'
import {negotiate} from '../negotiation.ts'
import {openApiV2, openApiV3, openApiV3Index} from '../openapi/openapi.ts'
import {acceptsAggregated, aggregatedDiscovery, AGGREGATED_TYPE} from './aggregated.ts'
import {healthCheck} from './health.ts'
import {apiGroup, apiGroupList, apiResourceList, apiVersions} from './legacy.ts'
import {pageNotFound} from './plain-text.ts'
import {rootPaths} from './root-paths.ts'
import {VERSION} from './version.ts'

/** Answers everything that is no resource: what is served, how the server is, its schemas. */
export function discover(
  server: ServerContext,
  request: ServerRequest,
  segments: readonly string[] | undefined,
): ApiResponse | Promise<ApiResponse> {
  if (segments === undefined) return pageNotFound()
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed()
  const [first, ...rest] = segments
  switch (first) {
    case undefined:
      return json(request, {paths: rootPaths(server.registry)})
    case 'version':
      return rest.length === 0 ? json(request, VERSION) : pageNotFound()
    case 'healthz':
    case 'livez':
    case 'readyz':
      return healthCheck(first, rest, request.query) ?? pageNotFound()
    case 'openapi':
      return openApi(server, request, rest)
    case 'api':
      return coreGroup(server.registry, request, rest)
    case 'apis':
      return namedGroups(server.registry, request, rest)
    default:
      return pageNotFound()
  }
}

async function openApi(
  server: ServerContext,
  {headers}: ServerRequest,
  [version, ...path]: readonly string[],
): Promise<ApiResponse> {
  if (version === 'v2' && path.length === 0) return openApiV2(server, headers)
  if (version !== 'v3') return pageNotFound()
  if (path.length === 0) return openApiV3Index(server)
  return (await openApiV3(server, path)) ?? pageNotFound()
}

function coreGroup(
  registry: ResourceRegistry,
  request: ServerRequest,
  [version, ...rest]: readonly string[],
): ApiResponse {
  if (version !== undefined) {
    return found(request, rest.length === 0 ? apiResourceList(registry, '', version) : undefined)
  }
  return acceptsAggregated(request.headers['accept'])
    ? aggregated(aggregatedDiscovery(registry, 'core'))
    : json(request, apiVersions(request.headers['host']))
}

function namedGroups(
  registry: ResourceRegistry,
  request: ServerRequest,
  [group, version, ...rest]: readonly string[],
): ApiResponse {
  if (group === undefined) {
    return acceptsAggregated(request.headers['accept'])
      ? aggregated(aggregatedDiscovery(registry, 'groups'))
      : json(request, apiGroupList(registry))
  }
  if (version === undefined) return found(request, apiGroup(registry, group))
  return found(request, rest.length === 0 ? apiResourceList(registry, group, version) : undefined)
}

function found(request: ServerRequest, value: unknown): ApiResponse {
  return value === undefined ? pageNotFound() : json(request, value)
}

function json(request: ServerRequest, value: unknown): ApiResponse {
  const {encoding} = negotiate(request.headers['accept'])
  return {
    status: 200,
    headers: {'content-type': encoding === 'yaml' ? 'application/yaml' : 'application/json'},
    warnings: [],
    body: {kind: 'json', value},
  }
}

function aggregated(value: unknown): ApiResponse {
  return {
    status: 200,
    headers: {'content-type': AGGREGATED_TYPE},
    warnings: [],
    body: {kind: 'json', value},
  }
}
