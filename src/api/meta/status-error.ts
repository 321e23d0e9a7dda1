import type {Status, StatusDetails, StatusReason} from './object.ts'
import type {ResourceType} from './resource-type.ts'

/** An answer of the Kubernetes API that is not a success, as an exception. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly status: Status

  constructor(status: Status) {
    super(status.message ?? status.reason ?? 'the API server refused the request')
    this.status = status
  }

  get reason(): StatusReason {
    return this.status.reason ?? ''
  }

  get code(): number {
    return this.status.code ?? 500
  }
}

/** A failed `metav1.Status`. */
export function failure(
  code: number,
  reason: StatusReason,
  message: string,
  details?: StatusDetails,
): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason !== '' && {reason}),
    ...(details !== undefined && {details}),
    code,
  })
}

/** `services.serving.knative.dev`, or `pods` for the core group: how messages name a resource. */
export function qualifiedResource(type: Pick<ResourceType, 'group' | 'plural'>): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`
}

/** 404: the object does not exist. */
export function notFound(type: ResourceType, name: string): StatusError {
  return failure(404, 'NotFound', `${qualifiedResource(type)} "${name}" not found`, {
    name,
    ...(type.group !== '' && {group: type.group}),
    kind: type.plural,
  })
}

/** 409: an object of that name exists. */
export function alreadyExists(type: ResourceType, name: string): StatusError {
  return failure(409, 'AlreadyExists', `${qualifiedResource(type)} "${name}" already exists`, {
    name,
    ...(type.group !== '' && {group: type.group}),
    kind: type.plural,
  })
}

/** 409: the object was written by somebody else in between. */
export function conflict(type: ResourceType, name: string, why: string): StatusError {
  return failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedResource(type)} "${name}": ${why}`,
    {name, ...(type.group !== '' && {group: type.group}), kind: type.plural},
  )
}

/** The API failure that `error` is or was caused by; undefined where there is none. */
export function statusErrorOf(error: unknown): StatusError | undefined {
  let one = error
  while (one instanceof Error && !(one instanceof StatusError)) one = one.cause
  return one instanceof StatusError ? one : undefined
}

/** Whether `error` is an API failure with one of `reasons`. */
export function hasReason(error: unknown, ...reasons: StatusReason[]): error is StatusError {
  return error instanceof StatusError && reasons.includes(error.reason)
}

/** Whether `error` says that the object does not exist. */
export function isNotFound(error: unknown): error is StatusError {
  return hasReason(error, 'NotFound')
}

/** Whether `error` says that the object was written by somebody else in between. */
export function isConflict(error: unknown): error is StatusError {
  return hasReason(error, 'Conflict')
}

/** Whether `error` says that the object exists already. */
export function isAlreadyExists(error: unknown): error is StatusError {
  return hasReason(error, 'AlreadyExists')
}

/** Whether `error` says that the object's namespace is on its way out, as the object soon will be. */
export function isNamespaceTerminating(error: unknown): error is StatusError {
  return (
    error instanceof StatusError &&
    (error.status.details?.causes ?? []).some(({reason}) => reason === 'NamespaceTerminating')
  )
}
