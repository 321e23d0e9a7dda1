import {notFound} from '../../../api/meta/status-error.ts'
import {methodNotAllowed, resourceNotFound} from '../errors.ts'
import type {Verb, HandlerResult, RequestContext} from '../request-context.ts'
import {get} from './get.ts'
import {patch} from './patch.ts'
import {update} from './update.ts'

/** Answers a request to a part of an object with a path of its own. */
export function subresource(
  context: RequestContext,
  method: string,
): HandlerResult | Promise<HandlerResult> {
  const {info, resource} = context
  const name = info.subresource ?? ''
  const found = resource.subresources.get(name)
  if (found === undefined) {
    throw resource.isCustom ? notFound(resource.type, info.name ?? '') : resourceNotFound()
  }
  const verb = verbOf(method)
  if (verb === undefined || !found.verbs.includes(verb)) throw methodNotAllowed()
  if (found.handle !== undefined) return found.handle(context, verb)
  if (verb === 'get') return get(context)
  return verb === 'patch' ? patch(context) : update(context)
}

function verbOf(method: string): Verb | undefined {
  switch (method) {
    case 'GET':
      return 'get'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return 'delete'
    default:
      return undefined
  }
}
