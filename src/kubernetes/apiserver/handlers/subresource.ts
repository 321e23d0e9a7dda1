import {notFound} from '../../../api/meta/status-error.ts'
import {methodNotAllowed, resourceNotFound} from '../errors.ts'
import type {Verb} from '../registry/served-resource.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {binding} from './binding.ts'
import {eviction} from './eviction.ts'
import {get} from './get.ts'
import {log} from './log.ts'
import {patch} from './patch.ts'
import {scale} from './scale.ts'
import {stream} from './stream.ts'
import {token} from './token.ts'
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
  switch (name) {
    case 'scale':
      return scale(context, verb)
    case 'log':
      return log(context)
    case 'binding':
      return binding(context)
    case 'eviction':
      return eviction(context)
    case 'token':
      return token(context)
    case 'ephemeralcontainers':
      // Nothing here can join a running pod; kubectl knows this answer from clusters without them.
      if (verb !== 'get') throw resourceNotFound()
      return get(context)
    case 'exec':
    case 'attach':
    case 'portforward':
      return stream(context)
    default:
      if (verb === 'get') return get(context)
      return verb === 'patch' ? patch(context) : update(context)
  }
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
