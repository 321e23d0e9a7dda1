import {failure} from '../../../api/meta/status-error.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {readStored} from './get.ts'

/** Refuses what needs a connection of its own: exec, attach, port-forward and proxy. */
export function stream(context: RequestContext): HandlerResult {
  readStored(context)
  const {subresource = ''} = context.info
  throw failure(501, 'NotAcceptable', `${subresource} is not available on this cluster`)
}
