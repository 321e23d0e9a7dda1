import type {ApiResponse} from '../../../api/transport.ts'
import {methodNotAllowed} from '../errors.ts'
import type {ServerRequest} from '../dispatch.ts'
import {negotiate} from '../negotiation.ts'
import {openApiV2, openApiV3, openApiV3Index} from '../openapi/openapi.ts'
import type {ServerContext} from '../request-context.ts'
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
  const [first, second, third, ...rest] = segments
  const {registry} = server
  const wantsAggregated = acceptsAggregated(request.headers['accept'])
  switch (first) {
    case undefined:
      return json(request, {paths: rootPaths(registry)})
    case 'version':
      return second === undefined ? json(request, VERSION) : pageNotFound()
    case 'healthz':
    case 'livez':
    case 'readyz':
      return healthCheck(first, segments.slice(1), request.query) ?? pageNotFound()
    case 'openapi':
      if (second === 'v2') return openApiV2(server)
      if (second === 'v3' && third === undefined) return openApiV3Index(server)
      if (second === 'v3') {
        return openApiV3(server, segments.slice(2)).then((found) => found ?? pageNotFound())
      }
      return pageNotFound()
    case 'api':
      if (second === undefined) {
        return wantsAggregated
          ? aggregated(aggregatedDiscovery(registry, 'core'))
          : json(request, apiVersions(request.headers['host']))
      }
      return found(request, third === undefined ? apiResourceList(registry, '', second) : undefined)
    case 'apis':
      if (second === undefined) {
        return wantsAggregated
          ? aggregated(aggregatedDiscovery(registry, 'groups'))
          : json(request, apiGroupList(registry))
      }
      if (third === undefined) return found(request, apiGroup(registry, second))
      return found(
        request,
        rest.length === 0 ? apiResourceList(registry, second, third) : undefined,
      )
    default:
      return pageNotFound()
  }
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
