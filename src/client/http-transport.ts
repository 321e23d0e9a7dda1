/** The Kubernetes API over HTTP and HTTPS. */
import * as http from 'node:http'
import * as https from 'node:https'
import type {WatchEvent} from '../api/meta/object.ts'
import type {ApiRequest, ApiResponse, Transport} from '../api/transport.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import type {ConnectionSecurity} from './credentials.ts'
import {readJsonLines} from './json-lines.ts'
import {createPinnedAgent} from './pinned-agent.ts'
import {parseWarnings} from './warning-header.ts'

/** Where and as whom an {@link HttpTransport} speaks. */
export interface HttpTransportOptions {
  /** `https://host:port`, with a path in front of the API's if there is one. */
  readonly server: string
  readonly security?: ConnectionSecurity
  readonly userAgent?: string
  /** What to type when the server does not answer. */
  readonly unreachableHint?: string | readonly string[]
  /** Ends the requests under way when it aborts; later ones, which may clean up, are sent. */
  readonly interruption?: AbortSignal
}

/**
 * Sends requests over kept-alive connections; `close` lets go of them.
 *
 * Idle connections do not keep the process alive.
 */
export class HttpTransport implements Transport {
  readonly #server: URL
  readonly #options: HttpTransportOptions
  readonly #agent: http.Agent
  readonly #headers: Record<string, string | string[]>
  /** How the requests under way are ended. */
  readonly #underWay = new Set<() => void>()

  constructor(options: HttpTransportOptions) {
    this.#server = parseServer(options.server)
    this.#options = options
    const {headers, ...tls} = options.security ?? {headers: {}}
    this.#agent = makeAgent(this.#server, tls)
    this.#headers = {
      accept: 'application/json, */*;q=0.5',
      'user-agent': options.userAgent ?? 'kntool',
    }
    for (const [name, value] of Object.entries(headers)) {
      this.#headers[name] = typeof value === 'string' ? value : [...value]
    }
    const onInterruption = (): void => {
      for (const end of this.#underWay) end()
    }
    options.interruption?.addEventListener('abort', onInterruption, {once: true})
  }

  async send(request: ApiRequest): Promise<ApiResponse> {
    const message = await this.#exchange(request)
    const status = message.statusCode ?? 0
    const head = {
      status,
      headers: flatten(message.headers),
      warnings: parseWarnings(message.headersDistinct['warning'] ?? []),
    }
    const isJson = (message.headers['content-type'] ?? '').includes('json')
    if (status < 400 && request.query?.['watch'] === 'true' && isJson) {
      return {...head, body: {kind: 'watch', events: this.#events(message, request)}}
    }
    if (!isJson) return {...head, body: {kind: 'bytes', chunks: message}}
    return {...head, body: {kind: 'json', value: await this.#document(message, request)}}
  }

  /** Closes the connections; streams under way end. */
  close(): void {
    this.#agent.destroy()
  }

  #exchange(request: ApiRequest): Promise<http.IncomingMessage> {
    const body = request.body === undefined ? undefined : encodeBody(request.body)
    const {promise, resolve, reject} = Promise.withResolvers<http.IncomingMessage>()
    const outgoing = this.#begin({
      agent: this.#agent,
      protocol: this.#server.protocol,
      hostname: this.#server.hostname.replace(/^\[|\]$/g, ''),
      port: this.#server.port || (this.#server.protocol === 'https:' ? 443 : 80),
      method: request.method,
      path: this.#server.pathname.replace(/\/$/, '') + request.path + encodeQuery(request.query),
      headers: {
        ...this.#headers,
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': String(body.length),
        }),
        ...request.headers,
      },
      ...(request.signal && {signal: request.signal}),
    })
    outgoing.on('response', resolve)
    const fail = (error: Error): void => reject(this.#explain(error, request))
    outgoing.on('error', fail)
    const end = (): void => {
      outgoing.destroy()
      // Without a connection, nobody else would say that it has ended.
      fail(new Error('the request was interrupted'))
    }
    this.#underWay.add(end)
    outgoing.on('close', () => this.#underWay.delete(end))
    outgoing.end(body)
    return promise
  }

  /** Begins a request. Throws `KN_CONFIG_INVALID` where the connection cannot even be tried. */
  #begin(options: https.RequestOptions): http.ClientRequest {
    const send = this.#server.protocol === 'https:' ? https.request : http.request
    try {
      return send(options)
    } catch (cause) {
      // Certificates and keys are read when they are needed; headers are checked.
      const {code = ''} = cause as NodeJS.ErrnoException
      const what = code.startsWith('ERR_INVALID')
        ? 'The token, the name or the address of the kubeconfig has characters that cannot be sent'
        : 'The certificate, the key or the authority of the kubeconfig is no PEM that can be used'
      throw new KntoolError('KN_CONFIG_INVALID', `${what}, for ${this.#server.origin}.`, {
        hint: 'kubectl config view --minify',
        details: {server: this.#server.origin, ...(code !== '' && {code})},
        cause,
      })
    }
  }

  async #document(message: http.IncomingMessage, request: ApiRequest): Promise<unknown> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
    } catch (error) {
      throw this.#explain(error as Error, request)
    }
    const text = Buffer.concat(chunks).toString('utf8')
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw new KntoolError(
        'KN_UNREACHABLE',
        `The server at ${this.#server.origin} answered ${request.path} with broken JSON.`,
        {cause},
      )
    }
  }

  async *#events(
    message: http.IncomingMessage,
    request: ApiRequest,
  ): AsyncGenerator<WatchEvent, void> {
    try {
      for await (const value of readJsonLines(message)) yield value as WatchEvent
    } catch (error) {
      // A stream that breaks is the end of a watch like any other: the reader lists and goes on.
      if (request.signal?.aborted || isConnectionError(error)) return
      throw error
    } finally {
      message.destroy()
    }
  }

  #explain(error: Error, request: ApiRequest): Error {
    if (request.signal?.aborted) return error
    const {code, message} = error as NodeJS.ErrnoException
    return new KntoolError(
      'KN_UNREACHABLE',
      `Cannot reach the cluster at ${this.#server.origin}: ${describeFailure(code, message)}.`,
      {
        hint: this.#options.unreachableHint ?? [
          'Check the address and the network: kubectl cluster-info',
          'Without a cluster: kntool local up',
        ],
        details: {server: this.#server.origin, ...(code !== undefined && {code})},
        cause: error,
      },
    )
  }
}

function makeAgent(server: URL, tls: Omit<ConnectionSecurity, 'headers'>): http.Agent {
  if (server.protocol === 'http:') return new http.Agent({keepAlive: true})
  const {ca, cert, rejectUnauthorized} = tls
  const isLocal = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(server.hostname)
  return isLocal && ca !== undefined && cert === undefined && rejectUnauthorized !== false
    ? createPinnedAgent({keepAlive: true, ...tls, ca})
    : new https.Agent({keepAlive: true, ...tls})
}

function parseServer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  throw new KntoolError(
    'KN_CONFIG_INVALID',
    `"${text.replace(/\/\/[^/@]*@/, '//***@')}" is not the address of an API server: it must begin with https:// or http://.`,
  )
}

function encodeBody(body: unknown): Buffer {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

function encodeQuery(query: ApiRequest['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => {
    const values = value === undefined ? [] : [value].flat()
    return values.map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`)
  })
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

function flatten(headers: http.IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  )
  return Object.fromEntries(entries)
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was closed',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved right now',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to its network',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by the authority of the kubeconfig',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by the authority of the kubeconfig',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is not signed by the authority of the kubeconfig',
}

function describeFailure(code: string | undefined, message: string): string {
  return REASONS[code ?? ''] ?? (message || code || 'no answer')
}

function isConnectionError(error: unknown): boolean {
  const {code} = error as NodeJS.ErrnoException
  return code !== undefined && /^(ECONN|EPIPE|ERR_STREAM|ETIMEDOUT)/.test(code)
}
