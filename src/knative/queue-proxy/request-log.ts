import {KUBE_PROBE_USER_AGENT, PROBE_HEADER} from '../../api/networking/headers.ts'
import type {Exchange, HttpHandler} from '../../http/exchange.ts'
import type {Clock} from '../../util/clock.ts'
import type {QueueProxyConfig} from './config.ts'

/** Values a template can name, by their path in Go: `.Request.Method`. */
type TemplateValues = (path: string, argument: string | undefined) => string

/**
 * Writes one line per request, made from the template of `config-observability`.
 *
 * Of Go's template language it knows what request logs use: `{{.Path.To.Value}}`,
 * `{{js .Path}}` and `{{index .Request.Header "Name"}}`.
 *
 * Counterpart of knative.dev/serving `pkg/http/request_log.go`.
 */
export class RequestLog {
  readonly #config: QueueProxyConfig
  readonly #template: string
  readonly #clock: Clock
  readonly #write: (line: string) => void

  private constructor(
    config: QueueProxyConfig,
    template: string,
    options: {readonly clock: Clock; readonly write: (line: string) => void},
  ) {
    this.#config = config
    this.#template = template
    this.#clock = options.clock
    this.#write = options.write
  }

  /** The log `config` asks for, or undefined when it asks for none. */
  static from(
    config: QueueProxyConfig,
    options: {readonly clock: Clock; readonly write: (line: string) => void},
  ): RequestLog | undefined {
    const template = config.requestLogTemplate
    return template === undefined ? undefined : new RequestLog(config, template, options)
  }

  /** Passes the exchange on and logs it when it is done. */
  async around(exchange: Exchange, next: HttpHandler): Promise<void> {
    if (!this.#config.logProbes && isProbe(exchange)) return next(exchange)
    const values = this.#valuesOf(exchange)
    try {
      await next(exchange)
    } finally {
      this.#write(renderTemplate(this.#template, values()))
    }
  }

  /** What the client sent is kept now: handlers change the exchange on the way. */
  #valuesOf(exchange: Exchange): () => TemplateValues {
    const startedAtMs = this.#clock.now()
    const headers = exchange.headers.clone()
    const request = requestValues(exchange)
    return () => {
      const known: Record<string, string> = {
        ...request,
        ...revisionValues(this.#config),
        '.Response.Code': `${exchange.status === 0 ? 500 : exchange.status}`,
        '.Response.Size': `${exchange.bytesSent}`,
        '.Response.Latency': `${(this.#clock.now() - startedAtMs) / 1000}`,
      }
      return (path, argument) =>
        path === '.Request.Header'
          ? (headers.get((argument ?? '').toLowerCase()) ?? '')
          : (known[path] ?? '')
    }
  }
}

function requestValues(exchange: Exchange): Record<string, string> {
  const {headers} = exchange
  return {
    '.Request.Method': exchange.method,
    '.Request.RequestURI': exchange.path,
    '.Request.Host': exchange.host,
    '.Request.RemoteAddr': exchange.remoteAddress,
    '.Request.Proto': exchange.protocol === 'h2' ? 'HTTP/2.0' : 'HTTP/1.1',
    '.Request.UserAgent': headers.get('user-agent') ?? '',
    '.Request.Referer': headers.get('referer') ?? '',
    '.Request.ContentLength':
      headers.get('content-length') ?? (exchange.body === undefined ? '0' : '-1'),
  }
}

function revisionValues(config: QueueProxyConfig): Record<string, string> {
  return {
    '.Revision.Name': config.revision,
    '.Revision.Namespace': config.namespace,
    '.Revision.Service': config.service,
    '.Revision.Configuration': config.configuration,
    '.Revision.PodName': config.pod,
    '.Revision.PodIP': config.podIp,
  }
}

/** Replaces every action of the template by its value. */
function renderTemplate(template: string, values: TemplateValues): string {
  return template.replaceAll(/\{\{-?\s*(.*?)\s*-?\}\}/g, (_action, text: string) => {
    const [, index, argument] = /^index\s+(\S+)\s+"([^"]*)"$/.exec(text) ?? []
    if (index !== undefined) return values(index, argument)
    const [, path] = /^js\s+(\S+)$/.exec(text) ?? []
    return path === undefined ? values(text, undefined) : escapeJs(values(path, undefined))
  })
}

/** Counterpart of Go's `template.JSEscapeString`: safe inside quotes in a script or in JSON. */
function escapeJs(text: string): string {
  let escaped = ''
  for (const char of text) {
    if (char === '\\' || char === "'" || char === '"') escaped += `\\${char}`
    else if (char < ' ' || '<>&='.includes(char)) {
      escaped += `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
    } else escaped += char
  }
  return escaped
}

function isProbe(exchange: Exchange): boolean {
  const agent = exchange.headers.get('user-agent') ?? ''
  return agent.startsWith(KUBE_PROBE_USER_AGENT) || exchange.headers.has(PROBE_HEADER)
}
