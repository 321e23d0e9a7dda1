import {failure} from '../../../../api/meta/status-error.ts'
import {API_AUDIENCE, tokensOf, type BoundObject} from './tokens.ts'
import {badRequest} from '../../../apiserver/errors.ts'
import {
  numberAt,
  objectAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {readDocument} from '../../../apiserver/read-body.ts'
import type {HandlerResult, RequestContext} from '../../../apiserver/request-context.ts'
import {timestamp} from '../../../apiserver/timestamp.ts'
import {invalid, type FieldError} from '../../../apiserver/validation/field-error.ts'
import {validateExpiration} from '../pod-spec/volume-files.ts'
import {readStored} from '../../../apiserver/handlers/get.ts'

/** An hour, what a token lasts unless the client says. */
const DEFAULT_SECONDS = 3600

/**
 * Answers a new token of a ServiceAccount, which dies with the account, and with the pod or Secret
 * that it is bound to.
 */
export function token(context: RequestContext): HandlerResult {
  const account = readStored(context).object.metadata
  const {value} = readDocument(context.body, 'TokenRequest')
  const spec = objectAt(value, 'spec')
  const expirationSeconds = numberAt(spec, 'expirationSeconds') ?? DEFAULT_SECONDS
  refuse(validateExpiration(expirationSeconds, 'spec.expirationSeconds'))
  const wanted = stringsAt(spec, 'audiences')
  const audiences = wanted.length > 0 ? wanted : [API_AUDIENCE]
  const {namespace = '', name, uid = ''} = account
  const bound = boundObject(context, objectAt(spec, 'boundObjectRef'), namespace)
  const nowMs = context.server.clock.now()
  return {
    kind: 'document',
    status: 201,
    value: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {name, namespace, creationTimestamp: timestamp(nowMs)},
      spec: {
        audiences,
        expirationSeconds,
        boundObjectRef: bound === undefined ? null : {...bound, apiVersion: 'v1'},
      },
      status: {
        token: tokensOf(context.server).issue({
          account: {namespace, name: name ?? '', uid},
          audiences,
          bound,
          expirationSeconds,
        }),
        expirationTimestamp: timestamp(nowMs + expirationSeconds * 1000),
      },
    },
  }
}

function refuse(errors: readonly FieldError[]): void {
  const subject = {group: 'authentication.k8s.io', kind: 'TokenRequest', name: ''}
  if (errors.length > 0) throw invalid(subject, errors)
}

const PLURALS = {Pod: 'pods', Secret: 'secrets'} as const

/** Throws 404 for an object that is not there, and 409 for one that is another of the same name. */
function boundObject(
  {server}: RequestContext,
  reference: JsonObject,
  namespace: string,
): BoundObject | undefined {
  const kind = stringAt(reference, 'kind')
  const name = stringAt(reference, 'name')
  if (kind === '' && name === '') return undefined
  if (kind !== 'Pod' && kind !== 'Secret') {
    throw badRequest(
      `cannot bind token for serviceaccount to object of type ${kind}: Pod and Secret can be`,
    )
  }
  const plural = PLURALS[kind]
  const stored = server.storage.get(`/core/${plural}/${namespace}/${name}`)?.object.metadata.uid
  if (stored === undefined) {
    throw failure(404, 'NotFound', `${plural} "${name}" not found`, {name, kind: plural})
  }
  const uid = stringAt(reference, 'uid')
  if (uid === '' || uid === stored) return {kind, name, uid: stored}
  const text = `Operation cannot be fulfilled on ${plural} "${name}": the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`
  throw failure(409, 'Conflict', text, {name, kind: plural})
}
