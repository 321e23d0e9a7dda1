import {messageOf} from '../util/message-of.ts'
import {Readable} from 'node:stream'
import type {Exchange} from './exchange.ts'
import {HeaderFields} from './header-fields.ts'
import {type HandlerUpstream, type UpstreamClient, UpstreamError} from './upstream.ts'

/** Answers exchanges by calling a function of this process. */
export class HandlerUpstreamClient implements UpstreamClient {
  readonly #upstream: HandlerUpstream

  constructor(upstream: HandlerUpstream) {
    this.#upstream = upstream
  }

  async forward(exchange: Exchange): Promise<void> {
    if (this.#upstream.listens?.() === false) {
      throw new UpstreamError('refused', 'connect: connection refused', undefined)
    }
    let response: Response | undefined
    try {
      response = await unlessAborted(exchange, this.#upstream.handle(toRequest(exchange)))
      if (response === undefined) return
      exchange.start(response.status, responseFields(response))
      if (exchange.method !== 'HEAD') await relay(exchange, response)
      exchange.end()
    } catch (cause) {
      await response?.body?.cancel().catch(() => {})
      if (exchange.aborted) return
      const message = messageOf(cause)
      const error = new UpstreamError('broken', message, cause)
      if (exchange.status !== 0) exchange.fail(error)
      throw error
    }
  }

  async close(): Promise<void> {}
}

/** The exchange as a web `Request`. Its body is read only when the function reads it. */
function toRequest(exchange: Exchange): Request {
  const headers = new Headers()
  for (const [name, value] of exchange.headers) headers.append(name, value)
  if (exchange.host !== '') headers.set('host', exchange.host)
  const authority = exchange.host === '' ? 'localhost' : exchange.host
  // A web Request of these methods cannot have a body.
  const bodiless = exchange.method === 'GET' || exchange.method === 'HEAD'
  const body = bodiless ? undefined : exchange.body
  if (body !== undefined && exchange.expectsContinue) exchange.inform(100)
  return new Request(`http://${authority}${exchange.path}`, {
    method: exchange.method,
    headers,
    signal: exchange.signal,
    ...(body !== undefined && {body: Readable.toWeb(body) as ReadableStream, duplex: 'half'}),
  })
}

function responseFields(response: Response): HeaderFields {
  return new HeaderFields([...response.headers].flat())
}

async function relay(exchange: Exchange, response: Response): Promise<void> {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  const forgetAbort = exchange.onAbort((reason) => void reader.cancel(reason).catch(() => {}))
  try {
    for (;;) {
      const {done, value} = await reader.read()
      if (done || exchange.aborted) return
      if (!exchange.write(value)) {
        await new Promise<void>((resolve) => {
          exchange.onDrain(resolve)
          exchange.onAbort(() => resolve())
        })
      }
    }
  } finally {
    forgetAbort()
    reader.releaseLock()
  }
}

/** A function that ignores its signal must not hold the exchange for ever. */
function unlessAborted<T>(exchange: Exchange, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const forgetAbort = exchange.onAbort(() => resolve(undefined))
    work.then(
      (value) => {
        forgetAbort()
        resolve(value)
      },
      (error: unknown) => {
        forgetAbort()
        reject(error)
      },
    )
  })
}
