import * as http from 'node:http'
import * as https from 'node:https'
import type {Duplex} from 'node:stream'
import {connect as connectTls} from 'node:tls'
import type {ServiceAccess} from '../service-access.ts'
import {answerError, goNetworkError} from './webhook-errors.ts'
import type {Webhook} from './webhook-registry.ts'
import {describeUrl, hostOf, urlOf} from './webhook-target.ts'

/** An answer larger than this is none. */
const MAX_ANSWER_BYTES = 3 * 1024 * 1024

/**
 * Sends a review to a webhook. Undefined: a part of this program stands for its Service, and has
 * been asked as such. Rejects with an Error in the words of client-go.
 */
export async function postReview(
  webhook: Webhook,
  body: string,
  services: ServiceAccess,
): Promise<string | undefined> {
  const {target, timeoutMs} = webhook
  // Webhooks answer in the time of the machine, whatever the cluster's clock says.
  const signal = AbortSignal.timeout(timeoutMs)
  let answer: {status: number; body: string}
  try {
    const connection =
      target.kind === 'service'
        ? await services.connect(target.namespace, target.name, target.port)
        : undefined
    if (connection === 'in-process') return undefined
    answer = await post(webhook, body, connection, signal)
  } catch (error) {
    const url = describeUrl(target, timeoutMs)
    throw new Error(`Post "${url}": ${goNetworkError(error)}`, {cause: error})
  }
  if (answer.status < 200 || answer.status > 299) {
    throw new Error(answerError(answer.status, answer.body))
  }
  return answer.body
}

function post(
  {target, ca, timeoutMs}: Webhook,
  body: string,
  connection: Duplex | undefined,
  signal: AbortSignal,
): Promise<{status: number; body: string}> {
  const url = urlOf(target, timeoutMs)
  const send = url.protocol === 'https:' ? https.request : http.request
  const authority = ca === '' ? {} : {ca}
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: 'POST',
      headers: {'content-type': 'application/json', accept: 'application/json, */*'},
      signal,
      ...authority,
      // An agent would make connections of its own.
      ...(connection === undefined || target.kind === 'url'
        ? {agent: false}
        : {
            createConnection: () =>
              connectTls({socket: connection, servername: hostOf(target), ...authority}),
          }),
    })
    request.on('error', (error) => {
      connection?.destroy()
      reject(signal.aborted ? (signal.reason as Error) : error)
    })
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
        connection?.destroy()
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
        })
      })
    })
    request.end(body)
  })
}
