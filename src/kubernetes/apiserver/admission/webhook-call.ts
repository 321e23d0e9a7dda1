import {randomUUID} from 'node:crypto'
import * as http from 'node:http'
import * as https from 'node:https'
import type {AdmissionRequest} from '../../../api/admission.ts'
import {apiVersionOf} from '../../../api/meta/resource-type.ts'
import {isJsonObject, objectAt, stringAt, stringsAt, type JsonObject} from '../json-value.ts'
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

/** An answer larger than this is none. */
const MAX_ANSWER_BYTES = 3 * 1024 * 1024

/** Asks a webhook. Rejects with an Error when there is no answer that makes sense. */
export async function callWebhook(webhook: Webhook, request: AdmissionRequest): Promise<Verdict> {
  const uid = randomUUID()
  const review = JSON.parse(await post(webhook, JSON.stringify(reviewOf(request, uid)))) as unknown
  const response = isJsonObject(review) ? objectAt(review, 'response') : {}
  if (stringAt(response, 'uid') !== uid) {
    throw new Error(`expected response.uid="${uid}", got "${stringAt(response, 'uid')}"`)
  }
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

function patchOf(response: JsonObject): unknown {
  const encoded = stringAt(response, 'patch')
  if (encoded === '') return undefined
  return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as unknown
}

function reviewOf(request: AdmissionRequest, uid: string): object {
  const {type, subresource, namespace, name, operation, object, oldObject, user, dryRun} = request
  const {group, version, kind, plural} = type
  const resource = {group, version, resource: plural}
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid,
      kind: {group, version, kind},
      resource,
      ...(subresource !== undefined && {subResource: subresource}),
      requestKind: {group, version, kind},
      requestResource: resource,
      ...(name !== '' && {name}),
      ...(namespace !== undefined && {namespace}),
      operation,
      userInfo: {username: user.username, groups: user.groups},
      object: object === undefined ? null : {...object, apiVersion: apiVersionOf(type), kind},
      oldObject: oldObject ?? null,
      dryRun,
      options: null,
    },
  }
}

function post({url, ca, timeoutMs}: Webhook, body: string): Promise<string> {
  const target = new URL(url)
  // Webhooks answer in the time of the machine, whatever the cluster's clock says.
  target.searchParams.set('timeout', `${timeoutMs / 1000}s`)
  const send = target.protocol === 'https:' ? https.request : http.request
  return new Promise((resolve, reject) => {
    const request = send(target, {
      method: 'POST',
      headers: {'content-type': 'application/json', accept: 'application/json'},
      signal: AbortSignal.timeout(timeoutMs),
      agent: false,
      ...(ca !== '' && {ca}),
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > MAX_ANSWER_BYTES) request.destroy(new Error('the answer is too large'))
        else chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () => {
        const {statusCode = 0} = response
        if (statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'))
        else reject(new Error(`the server answered ${statusCode}`))
      })
    })
    request.end(body)
  })
}
