import {randomUUID} from 'node:crypto'
import type {AdmissionRequest} from '../../../api/admission.ts'
import {apiVersionOf} from '../../../api/meta/resource-type.ts'
import {isJsonObject, objectAt, stringAt, stringsAt, type JsonObject} from '../json-value.ts'
import {messageOf} from '../../../util/message-of.ts'
import type {ServiceAccess} from '../service-access.ts'
import {postReview} from './webhook-post.ts'
import type {Webhook} from './webhook-registry.ts'

/** What a webhook decided. */
export interface Verdict {
  readonly allowed: boolean
  /** A JSON patch; undefined when it changes nothing. */
  readonly patch: unknown
  readonly warnings: readonly string[]
  /** Why not. */
  readonly message: string
  readonly reason: string
  readonly code: number | undefined
}

/**
 * Asks a webhook; undefined where a part of this program stands for it. Rejects with an Error that
 * says in the words of kube-apiserver why there is no answer that makes sense.
 */
export async function callWebhook(
  webhook: Webhook,
  request: AdmissionRequest,
  services: ServiceAccess,
): Promise<Verdict | undefined> {
  const uid = randomUUID()
  let review: unknown
  try {
    const answer = await postReview(webhook, JSON.stringify(reviewOf(request, uid)), services)
    if (answer === undefined) return undefined
    review = JSON.parse(answer)
  } catch (error) {
    throw new Error(`failed to call webhook: ${messageOf(error)}`, {cause: error})
  }
  const problem = verify(review, uid)
  if (problem !== undefined) throw new Error(`received invalid webhook response: ${problem}`)
  const response = objectAt(review as JsonObject, 'response')
  const status = objectAt(response, 'status')
  return {
    allowed: response['allowed'] === true,
    patch: patchOf(response),
    warnings: stringsAt(response, 'warnings'),
    message: stringAt(status, 'message'),
    reason: stringAt(status, 'reason'),
    code: typeof status['code'] === 'number' ? status['code'] : undefined,
  }
}

/** Counterpart of apiserver `webhook/request.VerifyAdmissionResponse`. */
function verify(review: unknown, uid: string): string | undefined {
  const known = isJsonObject(review) ? review : {}
  const [group, version] = [stringAt(known, 'apiVersion'), stringAt(known, 'kind')]
  if (group !== 'admission.k8s.io/v1' || version !== 'AdmissionReview') {
    const got = `${group === '' ? '/' : group}, Kind=${version}`
    return `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${got}`
  }
  if (!isJsonObject(known['response'])) return 'webhook response was absent'
  const response = objectAt(known, 'response')
  const answered = stringAt(response, 'uid')
  if (answered !== uid) return `expected response.uid="${uid}", got "${answered}"`
  const [patch, type] = [stringAt(response, 'patch'), stringAt(response, 'patchType')]
  if (patch === '' && type !== '') {
    return 'webhook returned response.patchType but not response.patch'
  }
  if (patch !== '' && type === '') {
    return 'webhook returned response.patch but not response.patchType'
  }
  return type === '' || type === 'JSONPatch'
    ? undefined
    : `webhook returned invalid response.patchType of "${type}"`
}

function patchOf(response: JsonObject): unknown {
  const encoded = stringAt(response, 'patch')
  if (encoded === '') return undefined
  return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as unknown
}

function reviewOf(request: AdmissionRequest, uid: string): object {
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: reviewedRequest(request, uid),
  }
}

/** A write as webhooks and their conditions see it. Counterpart of `admission.k8s.io` AdmissionRequest. */
export function reviewedRequest(
  request: AdmissionRequest,
  uid: string,
): JsonObject & {readonly object: unknown; readonly oldObject: unknown} {
  const {type, subresource, namespace, name, operation, object, oldObject, user, dryRun} = request
  const {group, version, kind, plural} = type
  const resource = {group, version, resource: plural}
  return {
    uid,
    kind: {group, version, kind},
    resource,
    ...(subresource !== undefined && {subResource: subresource}),
    requestKind: {group, version, kind},
    requestResource: resource,
    ...(name !== '' && {name}),
    ...(namespace !== undefined && {namespace}),
    operation,
    userInfo: {...user},
    object: object === undefined ? null : {...object, apiVersion: apiVersionOf(type), kind},
    oldObject: oldObject ?? null,
    dryRun,
    options: null,
  }
}
