import {KUBE_PROBE_USER_AGENT, PROBE_HEADER} from '../api/networking/headers.ts'
import type {Clock} from '../util/clock.ts'
import {GoStruct, GoTemplate} from '../util/go-template/go-template.ts'
import type {Exchange, HttpHandler} from './exchange.ts'
import type {HeaderFields} from './header-fields.ts'

/** Whom a request is for, as far as whoever logs it knows. */
export interface LoggedRevision {
  readonly name: string
  readonly namespace: string
  readonly service: string
  readonly configuration: string
  readonly podName?: string
  readonly podIp?: string
}

/** What a {@link RequestLog} is made of. */
export interface RequestLogOptions {
  /** A Go template over `.Request`, `.Response` and `.Revision`. */
  readonly template: string
  readonly clock: Clock
  /** Receives one line per request, without a newline at its end. */
  readonly write: (line: string) => void
  /** Whether probes are requests too. */
  readonly logProbes: boolean
}

/** What is written where a template can be read but does not fit the data. */
const FALLBACK = new GoTemplate(
  'fallback',
  'Invalid request log template: method: {{.Request.Method}}, response code: {{.Response.Code}}, latency: {{.Response.Latency}}, url: {{.Request.URL}}',
)

/**
 * Writes one line per request, made from the template of `config-observability`.
 *
 * Counterpart of knative.dev/serving `pkg/http/request_log.go`.
 *
 * @throws Error with the text of Go when the template cannot be read.
 */
export class RequestLog {
  readonly #options: RequestLogOptions
  readonly #template: GoTemplate

  constructor(options: RequestLogOptions) {
    this.#options = options
    this.#template = new GoTemplate('requestLog', options.template)
  }

  /** Passes the exchange on and logs it when it is done. */
  async around(exchange: Exchange, revision: LoggedRevision, next: HttpHandler): Promise<void> {
    if (!this.#options.logProbes && isProbe(exchange)) return next(exchange)
    const startedAtMs = this.#options.clock.now()
    // What the client sent is kept now: handlers change the exchange on the way.
    const request = requestOf(exchange)
    try {
      await next(exchange)
    } finally {
      this.#write(request, responseOf(exchange, this.#options.clock.now() - startedAtMs), revision)
    }
  }

  #write(request: GoStruct, response: GoStruct, revision: LoggedRevision): void {
    const data = new GoStruct('*http.RequestLogTemplateInput', {
      Request: request,
      Response: response,
      Revision: revisionOf(revision),
    })
    this.#options.write(this.#render(data).replace(/\n$/, ''))
  }

  #render(data: GoStruct): string {
    try {
      return this.#template.execute(data)
    } catch {
      return FALLBACK.execute(data)
    }
  }
}

/** Fields and methods of Go's `http.Request` that logs are made of. */
function requestOf({
  method,
  path,
  host,
  remoteAddress,
  protocol,
  headers,
  body,
}: Exchange): GoStruct {
  const isHttp2 = protocol === 'h2'
  return new GoStruct('*http.Request', {
    Method: method,
    RequestURI: path,
    URL: path,
    Host: host,
    RemoteAddr: remoteAddress,
    Proto: isHttp2 ? 'HTTP/2.0' : 'HTTP/1.1',
    ProtoMajor: isHttp2 ? 2 : 1,
    ProtoMinor: isHttp2 ? 0 : 1,
    UserAgent: headers.get('user-agent') ?? '',
    Referer: headers.get('referer') ?? '',
    ContentLength: Number(headers.get('content-length') ?? (body === undefined ? 0 : -1)),
    Header: headerMap(headers),
  })
}

/** Go's `http.Header`: names as `X-B3-Traceid`, a list of values for each, an empty one if it is missing. */
function headerMap(headers: HeaderFields): Record<string, string[]> {
  // Without a prototype: clients choose the names.
  const map = Object.create(null) as Record<string, string[]>
  for (const [name, value] of headers) (map[canonicalName(name)] ??= []).push(value)
  return new Proxy(map, {get: (target, name) => target[String(name)] ?? []})
}

function canonicalName(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
}

function responseOf({status, bytesSent}: Exchange, latencyMs: number): GoStruct {
  return new GoStruct('*http.RequestLogResponse', {
    // Nobody answered: it was broken off.
    Code: status === 0 ? 500 : status,
    Size: bytesSent,
    Latency: latencyMs / 1000,
  })
}

function revisionOf(revision: LoggedRevision): GoStruct {
  return new GoStruct('*http.RequestLogRevision', {
    Name: revision.name,
    Namespace: revision.namespace,
    Service: revision.service,
    Configuration: revision.configuration,
    PodName: revision.podName ?? '',
    PodIP: revision.podIp ?? '',
  })
}

function isProbe({headers}: Exchange): boolean {
  const agent = headers.get('user-agent') ?? ''
  return agent.startsWith(KUBE_PROBE_USER_AGENT) || headers.has(PROBE_HEADER)
}
