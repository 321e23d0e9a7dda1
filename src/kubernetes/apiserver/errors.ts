import {messageOf} from '../../util/message-of.ts'
import type {StatusDetails} from '../../api/meta/object.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import {failure, qualifiedResource, type StatusError} from '../../api/meta/status-error.ts'

/** 400 with the given text. */
export function badRequest(message: string): StatusError {
  return failure(400, 'BadRequest', message)
}

/** 404 of a path that leads to no resource of a served group version. */
export function resourceNotFound(): StatusError {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {})
}

/** 405: the resource is there, the verb is not. */
export function methodNotAllowed(): StatusError {
  return failure(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  )
}

/** 403 on one object. */
export function forbiddenObject(
  type: Pick<ResourceType, 'group' | 'plural'>,
  name: string,
  why: string,
  causes?: StatusDetails['causes'],
): StatusError {
  return failure(403, 'Forbidden', `${qualifiedResource(type)} "${name}" is forbidden: ${why}`, {
    ...(name !== '' && {name}),
    ...(type.group !== '' && {group: type.group}),
    kind: type.plural,
    ...(causes !== undefined && {causes}),
  })
}

/** 401: no token, or not ours. */
export function unauthorized(): StatusError {
  return failure(401, 'Unauthorized', 'Unauthorized')
}

/** 410: the wanted version is compacted. */
export function expired(message: string): StatusError {
  return failure(410, 'Expired', message)
}

/** 413: the body is larger than `limitBytes`. */
export function entityTooLarge(limitBytes: number): StatusError {
  return failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`)
}

/** 413: what would be stored is larger than storage takes, whose `message` it carries. */
export function objectTooLarge(message: string): StatusError {
  return failure(413, 'RequestEntityTooLarge', message)
}

/** 500 with the text and no reason, as upstream answers an error that is no status. */
export function plainError(message: string): StatusError {
  return failure(500, '', message)
}

/** 500 of something that should not happen. */
export function internalError(cause: unknown): StatusError {
  const text = messageOf(cause)
  return failure(500, 'InternalError', `Internal error occurred: ${text}`, {
    causes: [{message: text}],
  })
}

/** 503 as kube-apiserver answers it. */
export function serviceUnavailable(message: string): StatusError {
  return failure(503, 'ServiceUnavailable', message)
}

/** 503 while nothing runs pods. */
export function noNode(): StatusError {
  return serviceUnavailable('no node of this cluster runs pods')
}
