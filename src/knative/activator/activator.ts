import {
  HASH_HEADER,
  KUBELET_PROBE_HEADER,
  KUBE_PROBE_USER_AGENT,
  PROBE_HEADER,
  PROBE_VALUE,
  PROXY_HEADER,
  REVISION_HEADER,
  REVISION_NAMESPACE_HEADER,
} from '../../api/networking/headers.ts'
import {CLUSTER_DOMAIN} from '../../api/networking/names.ts'
import type {ClusterNetwork} from '../../http/cluster-network.ts'
import {respondError, respondText} from '../../http/error-response.ts'
import type {Exchange, HttpHandler} from '../../http/exchange.ts'
import {HeaderFields} from '../../http/header-fields.ts'
import {type LoggedRevision, RequestLog} from '../../http/request-log.ts'
import {TimeLimiter, type TimeLimits} from '../../http/time-limits.ts'
import type {Clock} from '../../util/clock.ts'
import {quote} from '../../util/strconv.ts'
import {ActivatorLog} from './activator-log.ts'
import {ConcurrencyReporter, type StatSink} from './concurrency-reporter.ts'
import {PodTracker} from './pod-tracker.ts'
import {type Backend, RevisionBackends} from './revision-backends.ts'
import {RevisionThrottler} from './revision-throttler.ts'

/** What the activator needs to know of a revision. */
export interface ActivatorRevision {
  /** `spec.containerConcurrency`; 0 for any number. */
  readonly containerConcurrency: number
  /** `spec.timeoutSeconds` and its companions. */
  readonly limits: TimeLimits
  /**
   * Whether a pod may get requests as soon as its queue-proxy answers, before Kubernetes holds it
   * ready. False for a readiness probe of kind `exec`, which the queue-proxy cannot do.
   */
  readonly probeNotReady?: boolean
  /** What it belongs to, for request logs. */
  readonly service?: string
  readonly configuration?: string
}

/** What {@link Activator} needs. */
export interface ActivatorOptions {
  readonly clock: Clock
  /** Where pods are dialled. */
  readonly network: ClusterNetwork
  /** Name and address of the activator's own pod. */
  readonly pod: {readonly name: string; readonly ip: string}
  /** Takes the load to the autoscaler. */
  readonly statSink: StatSink
  /** Receives JSON lines, without newlines. */
  readonly log?: (line: string) => void
  /** The template of the request log at this moment; undefined where requests are not logged. */
  readonly requestLogTemplate?: () => string | undefined
  readonly random?: () => number
}

interface ActivatedRevision {
  readonly logged: LoggedRevision
  readonly limiter: TimeLimiter
  readonly throttler: RevisionThrottler
  readonly backends: RevisionBackends
}

/**
 * Holds requests while their revision has no capacity, and spreads them over its pods when it has.
 *
 * It is told about revisions and their pods by whoever watches them; it tells the autoscaler about
 * requests. Bind {@link handler} to the activator pod's address.
 *
 * Counterpart of knative.dev/serving `cmd/activator` and `pkg/activator`.
 */
export class Activator {
  readonly handler: HttpHandler = (exchange) => this.#handle(exchange)
  readonly #options: ActivatorOptions
  readonly #log: ActivatorLog
  readonly #reporter: ConcurrencyReporter
  readonly #revisions = new Map<string, ActivatedRevision>()
  #requests: {readonly template?: string | undefined; readonly log?: RequestLog | undefined} = {}

  constructor(options: ActivatorOptions) {
    this.#options = options
    this.#log = new ActivatorLog({
      clock: options.clock,
      pod: options.pod.name,
      write: options.log ?? (() => {}),
    })
    this.#reporter = new ConcurrencyReporter(options.clock, options.statSink)
  }

  /**
   * Makes a revision (`namespace/name`) known, so that its requests are held from now on.
   *
   * Revisions do not change; called again for the same one it does nothing.
   */
  setRevision(key: string, settings: ActivatorRevision): void {
    if (this.#revisions.has(key)) return
    const {clock, network, random = Math.random} = this.#options
    const {containerConcurrency, limits, probeNotReady = true} = settings
    const throttler = new RevisionThrottler({key, containerConcurrency, log: this.#log, random})
    const backends = new RevisionBackends({
      clock,
      network,
      probeNotReady,
      onChange: (healthy) => throttler.setDestinations(healthy),
    })
    const limiter = new TimeLimiter(limits, {clock, text: 'activator request timeout'})
    const [namespace = '', name = ''] = key.split('/')
    const {service = '', configuration = ''} = settings
    const logged = {namespace, name, service, configuration}
    this.#revisions.set(key, {limiter, throttler, backends, logged})
  }

  /** Forgets a revision. Requests that wait for it go on waiting until their time is over. */
  removeRevision(key: string): void {
    const revision = this.#revisions.get(key)
    revision?.backends.close()
    revision?.limiter.close()
    this.#revisions.delete(key)
  }

  /** Sets the pods of a revision, as the endpoints of its private Service list them. */
  setBackends(key: string, backends: readonly Backend[]): void {
    this.#revisions.get(key)?.backends.set(backends)
  }

  /** How many requests of a revision may be under way; undefined when it is unknown. */
  capacityOf(key: string): number | undefined {
    return this.#revisions.get(key)?.throttler.capacity
  }

  /** Stops probing and reporting. */
  close(): void {
    for (const {backends, limiter} of this.#revisions.values()) {
      backends.close()
      limiter.close()
    }
    this.#reporter.close()
  }

  #handle(exchange: Exchange): Promise<void> {
    if (answerProbe(exchange)) return Promise.resolve()
    exchange.headers.delete(HASH_HEADER)
    const key = revisionOf(exchange)
    const revision = this.#revisions.get(key)
    if (revision === undefined) return this.#refuseUnknown(exchange, key)
    const log = this.#requestLog()
    if (log === undefined) return this.#activate(exchange, key, revision)
    return log.around(exchange, revision.logged, () => this.#activate(exchange, key, revision))
  }

  /** The request log by the template that is in force now; read anew only when that changed. */
  #requestLog(): RequestLog | undefined {
    const {requestLogTemplate, clock, log: write = () => {}} = this.#options
    const template = requestLogTemplate?.()
    if (template !== this.#requests.template) {
      const log =
        template === undefined
          ? undefined
          : new RequestLog({template, clock, write, logProbes: false})
      this.#requests = {template, log}
    }
    return this.#requests.log
  }

  /** Everything in one function: each further promise would cost every request a turn. */
  async #activate(exchange: Exchange, key: string, revision: ActivatedRevision): Promise<void> {
    const {clock} = this.#options
    const {throttler, limiter, backends} = revision
    const arrivedAtMs = clock.now()
    const leave = this.#reporter.enter(key)
    const endWatch = limiter.watch(exchange)
    try {
      for (;;) {
        const free = throttler.acquire(exchange)
        const pod = free instanceof PodTracker ? free : await free
        try {
          exchange.notes['activatorWaitMs'] = clock.now() - arrivedAtMs
          const handler = this.#options.network.dial(pod.ip, pod.port)
          if (handler === undefined) {
            // The pod vanished before it saw anything of the request: another one may have it.
            backends.suspect(pod)
            continue
          }
          this.#prepareForPod(exchange)
          await handler(exchange)
          return
        } finally {
          throttler.release(pod)
        }
      }
    } catch (error) {
      // Nobody is there to be answered, or the time limit has answered already.
      if (!exchange.aborted) throw error
    } finally {
      endWatch()
      leave()
    }
  }

  #prepareForPod({headers, notes}: Exchange): void {
    headers.delete(REVISION_HEADER)
    headers.delete(REVISION_NAMESPACE_HEADER)
    headers.set(PROXY_HEADER, 'activator')
    if (typeof notes['peerIp'] === 'string') {
      headers.addToList('x-forwarded-for', notes['peerIp'])
    }
    notes['peerIp'] = this.#options.pod.ip
  }

  async #refuseUnknown(exchange: Exchange, key: string): Promise<void> {
    const name = key.slice(key.indexOf('/') + 1)
    const text = `revision.serving.knative.dev "${name}" not found`
    this.#log.write('ERROR', 'Error while getting revision', {
      key,
      error: text,
    })
    respondError(exchange, 404, `Error getting active endpoint: ${text}`)
  }
}

/** The revision the gateway named, or the one whose Service the request is for. */
function revisionOf({headers, host}: Exchange): string {
  const name = headers.get(REVISION_HEADER) ?? ''
  const namespace = headers.get(REVISION_NAMESPACE_HEADER) ?? ''
  if (name !== '' && namespace !== '') return `${namespace}/${name}`
  const [service = '', serviceNamespace = '', kind, ...domain] =
    host.split(':')[0]?.split('.') ?? []
  const isService = kind === 'svc' && domain.join('.') === CLUSTER_DOMAIN
  return isService ? `${serviceNamespace}/${service}` : `${namespace}/${name}`
}

/** Answers the kubelet's and Knative's own probes. False for everything else. */
function answerProbe(exchange: Exchange): boolean {
  const {headers} = exchange
  const agent = headers.get('user-agent') ?? ''
  if (agent.startsWith(KUBE_PROBE_USER_AGENT) || (headers.get(KUBELET_PROBE_HEADER) ?? '') !== '') {
    exchange.respond(200)
    return true
  }
  const probe = headers.get(PROBE_HEADER) ?? ''
  if (probe === '') return false
  if (probe === PROBE_VALUE) answerHashProbe(exchange)
  else if (probe === 'activator') respondText(exchange, 200, 'activator')
  else respondError(exchange, 400, `unexpected probe header value: ${quote(escapeHtml(probe))}`)
  return true
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}

/** Counterpart of Go's `html.EscapeString`. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character] ?? character)
}

function answerHashProbe(exchange: Exchange): void {
  const hash = exchange.headers.get(HASH_HEADER) ?? ''
  if (hash === '') {
    const text = 'a probe request must contain a non-empty "K-Network-Hash" header'
    respondError(exchange, 400, text)
  } else {
    exchange.respond(200, undefined, HeaderFields.from({[HASH_HEADER]: hash}))
  }
}
