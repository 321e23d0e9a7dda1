import type {ApiResponse} from '../../../api/transport.ts'
import type {ServerRequest} from '../dispatch.ts'
import type {ServerContext} from '../request-context.ts'
import {resourceNotFound} from '../errors.ts'

export function openApiV2(_server: ServerContext, _request: ServerRequest): ApiResponse {
  throw resourceNotFound()
}

export function openApiV3Index(_server: ServerContext): ApiResponse {
  throw resourceNotFound()
}

export function openApiV3(
  _server: ServerContext,
  _path: readonly string[],
): ApiResponse | undefined {
  return undefined
}
