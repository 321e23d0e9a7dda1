import {
  ACTIVATOR_USER_AGENT,
  AUTOSCALING_USER_AGENT,
  HASH_HEADER,
  KUBELET_PROBE_HEADER,
  KUBE_PROBE_USER_AGENT,
  ORIGINAL_HOST_HEADER,
  PROBE_HEADER,
  PROBE_VALUE,
  PROXY_HEADER,
  REVISION_HEADER,
  REVISION_NAMESPACE_HEADER,
} from '../../api/networking/headers.ts'
import {Breaker, QueueFullError} from '../../http/breaker.ts'
import {respondError, respondText} from '../../http/error-response.ts'
import type {Exchange, HttpHandler} from '../../http/exchange.ts'
import {HeaderFields} from '../../http/header-fields.ts'
import {openUpstream} from '../../http/open-upstream.ts'
import {type LoggedRevision, RequestLog} from '../../http/request-log.ts'
import {RequestStats} from '../../http/request-stats.ts'
import {TimeLimiter} from '../../http/time-limits.ts'
import {type Upstream, type UpstreamClient, UpstreamError} from '../../http/upstream.ts'
import {type Clock, sleep} from '../../util/clock.ts'
import {parseQueueProxyConfig, type QueueProxyConfig} from './config.ts'
import {Drainer} from './drainer.ts'
import {addForwarded} from './forwarded.ts'
import {ReadinessProbe} from './readiness.ts'
import {METRICS_TYPE, NO_LOAD, type PodStat, renderStatMetrics} from './pod-stat.ts'
import {RequestMetrics, routeTagOf} from './request-metrics.ts'

/** How long nothing may have arrived before a pod that is going away stops, as upstream. */
const DRAIN_QUIET_PERIOD_MS = 30_000
/** How often a drain looks whether the last request is answered. */
const IDLE_POLL_MS = 25
/** Waiting places per running request, so that the autoscaler has time to react. */
const QUEUE_DEPTH_PER_SLOT = 10

/** What {@link createQueueProxy} needs. */
export interface QueueProxyOptions {
  /** The environment of the pod's container `queue-proxy`. */
  readonly env: Readonly<Record<string, string>>
  readonly clock: Clock
  /** The pod's user container. */
  readonly upstream: Upstream
  /** Receives one line per message, without a newline. */
  readonly log?: (line: string) => void
  /** Default 30 s, which suits a network where news travel slowly. */
  readonly drainQuietPeriodMs?: number
}

/** What stands in front of the container of one pod. */
export interface QueueProxy {
  /** For the pod's address, port 8012 (8013 for h2c). */
  readonly handler: HttpHandler
  /** For the pod's address, port 8022: `/wait-for-drain`. */
  readonly adminHandler: HttpHandler
  /** For the pod's address, port 9090: the load as the autoscaler was told last. */
  readonly metricsHandler: HttpHandler
  /** For the pod's address, port 9091: the requests. Undefined where nobody asks for them. */
  readonly userMetricsHandler: HttpHandler | undefined
  readonly config: QueueProxyConfig
  /** The load since the last call. */
  takeStat(): PodStat
  /** Requests under way. */
  readonly active: number
  /** Probes until the container is ready. False when `signal` aborts first. */
  ready(signal?: AbortSignal): Promise<boolean>
  /** Whether the container is ready now; tries for up to ten seconds. */
  probe(): Promise<boolean>
  /** Fails health checks from now on; resolves when requests have ceased and all are answered. */
  drain(): Promise<void>
  /** Cuts what is under way. */
  close(): Promise<void>
}

/**
 * Puts a queue-proxy in front of a container: limits how many requests it gets at once and how long
 * they may take, measures the load, answers probes, and drains before the pod goes.
 *
 * Counterpart of knative.dev/serving `pkg/queue/sharedmain`.
 *
 * @throws Error when `env` is not what the revision's reconciler writes.
 */
export function createQueueProxy(options: QueueProxyOptions): QueueProxy {
  return new PodQueueProxy(options)
}

class PodQueueProxy implements QueueProxy {
  readonly config: QueueProxyConfig
  readonly handler: HttpHandler
  readonly adminHandler: HttpHandler
  readonly metricsHandler: HttpHandler
  readonly userMetricsHandler: HttpHandler | undefined
  readonly #clock: Clock
  readonly #log: (line: string) => void
  readonly #upstream: UpstreamClient
  readonly #breaker: Breaker | undefined
  readonly #limits: TimeLimiter
  readonly #stats: RequestStats
  readonly #requestMetrics: RequestMetrics | undefined
  readonly #readiness: ReadinessProbe
  readonly #drainer: Drainer
  readonly #closed = new AbortController()
  readonly #startedAtMs: number
  #terminating = false
  #draining: Promise<void> | undefined
  #lastStat: PodStat = NO_LOAD

  constructor(options: QueueProxyOptions) {
    const {clock, upstream} = options
    this.config = parseQueueProxyConfig(options.env)
    this.#clock = clock
    this.#log = options.log ?? (() => {})
    this.#upstream = openUpstream(upstream)
    this.#limits = new TimeLimiter(this.config.limits, {clock, text: 'request timeout'})
    this.#breaker = makeBreaker(this.config.containerConcurrency)
    this.#stats = new RequestStats(clock.now())
    this.#readiness = new ReadinessProbe({
      clock,
      upstream,
      probe: this.config.readinessProbe,
      userPort: this.config.userPort,
      detectHttp2: this.config.detectHttp2,
      onFailure: this.#log,
    })
    this.#drainer = new Drainer(clock, options.drainQuietPeriodMs ?? DRAIN_QUIET_PERIOD_MS)
    this.handler = this.#logged((exchange) => this.#handle(exchange))
    this.adminHandler = (exchange) => this.#admin(exchange)
    this.#startedAtMs = clock.now()
    this.metricsHandler = async (exchange) => showMetrics(exchange, () => this.#renderLoad())
    const requests = this.config.countRequests ? new RequestMetrics(this.config) : undefined
    this.#requestMetrics = requests
    this.userMetricsHandler =
      requests && (async (exchange) => showMetrics(exchange, () => requests.render()))
  }

  get active(): number {
    return this.#stats.concurrency
  }

  takeStat(): PodStat {
    const report = this.#stats.report(this.#clock.now())
    const seconds = report.elapsedMs / 1000
    this.#lastStat = {
      averageConcurrentRequests: report.averageConcurrency,
      averageProxiedConcurrentRequests: report.averageProxiedConcurrency,
      requestCount: seconds > 0 ? report.requestCount / seconds : 0,
      proxiedRequestCount: seconds > 0 ? report.proxiedRequestCount / seconds : 0,
    }
    return this.#lastStat
  }

  async ready(signal?: AbortSignal): Promise<boolean> {
    const stop = AbortSignal.any([this.#closed.signal, ...(signal === undefined ? [] : [signal])])
    while (!stop.aborted) {
      if (await this.#readiness.check(stop)) return !stop.aborted
      // A probe with a period of its own is asked again at that pace.
      await sleep(this.#clock, (this.config.readinessProbe?.periodSeconds ?? 0) * 1000, stop)
    }
    return false
  }

  probe(): Promise<boolean> {
    return this.#readiness.check(this.#closed.signal)
  }

  drain(): Promise<void> {
    this.#terminating = true
    return this.#drained()
  }

  async close(): Promise<void> {
    this.#closed.abort()
    this.#limits.close()
    this.#drainer.reset()
    await this.#upstream.close()
  }

  /** With a line per request, where config-observability asks for one. */
  #logged(handle: HttpHandler): HttpHandler {
    const {requestLogTemplate: template, logProbes, revision, ...config} = this.config
    if (template === undefined) return handle
    const log = new RequestLog({template, logProbes, clock: this.#clock, write: this.#log})
    const logged: LoggedRevision = {...config, name: revision, podName: config.pod}
    return (exchange) => log.around(exchange, logged, handle)
  }

  #handle(exchange: Exchange): Promise<void> {
    const {headers} = exchange
    if (isHealthCheck(headers)) return this.#answerHealthCheck(exchange)
    if (headers.get(PROBE_HEADER) === PROBE_VALUE) return this.#answerNetworkProbe(exchange)
    this.#drainer.touch()
    exchange.notes['pod'] = this.config.pod
    addForwarded(headers)
    return this.#serve(exchange)
  }

  /** Everything around the container in one function: each further promise would cost a turn. */
  async #serve(exchange: Exchange): Promise<void> {
    const proxied = exchange.headers.get(PROXY_HEADER) === 'activator'
    const breaker = this.#breaker
    const endWatch = this.#limits.watch(exchange)
    const count = this.#countedFrom(exchange)
    let hasSlot = false
    let proxiedAtMs: number | undefined
    this.#stats.in(this.#clock.now(), proxied)
    try {
      if (breaker !== undefined) {
        await breaker.acquire(exchange)
        hasSlot = true
        this.#requestMetrics?.setQueueDepth(breaker.inFlight)
      }
      prepareForContainer(exchange)
      proxiedAtMs = this.#clock.now()
      exchange.notes['proxiedAtMs'] = proxiedAtMs
      await this.#upstream.forward(exchange)
    } catch (error) {
      this.#refuse(exchange, error)
    } finally {
      if (hasSlot) breaker?.release()
      this.#stats.out(this.#clock.now(), proxied)
      count?.(proxiedAtMs)
      endWatch()
    }
  }

  /**
   * Begins to measure a request for people: what is returned counts it, as one of the container's
   * too if it was handed over. Undefined where nobody asks, and for probes.
   */
  #countedFrom(exchange: Exchange): ((proxiedAtMs: number | undefined) => void) | undefined {
    const metrics = this.#requestMetrics
    const {headers} = exchange
    if (metrics === undefined || (headers.get(PROBE_HEADER) ?? '') !== '') return undefined
    const startedAtMs = this.#clock.now()
    const tag = routeTagOf(headers)
    return (proxiedAtMs) => {
      const nowMs = this.#clock.now()
      // Nobody waited for the answer any more: Go's proxy writes 502 then, its breaker 500.
      const status = exchange.status || (proxiedAtMs === undefined ? 500 : 502)
      metrics.addRequest(status, tag, nowMs - startedAtMs)
      if (proxiedAtMs !== undefined) metrics.addAppRequest(status, nowMs - proxiedAtMs)
    }
  }

  #refuse(exchange: Exchange, error: unknown): void {
    // Aborted while it waited: nobody is there to be answered.
    if (exchange.aborted) return
    if (error instanceof QueueFullError) {
      respondError(exchange, 503, error.message)
    } else if (error instanceof UpstreamError) {
      this.#log(`error reverse proxying request; error: ${error.message}`)
      respondError(exchange, 502, error.message)
    } else {
      throw error
    }
  }

  async #answerHealthCheck(exchange: Exchange): Promise<void> {
    if (this.#drainer.draining) return respondError(exchange, 503, 'shutting down')
    const value = exchange.headers.get(PROBE_HEADER) ?? ''
    if (value !== 'queue') {
      return respondError(exchange, 400, `unexpected probe header value: ${value}`)
    }
    if (await this.probe()) respondText(exchange, 200, 'queue')
    else exchange.respond(503)
  }

  async #answerNetworkProbe(exchange: Exchange): Promise<void> {
    if (this.#drainer.draining) return respondError(exchange, 503, 'shutting down')
    const hash = exchange.headers.get(HASH_HEADER) ?? ''
    if (hash === '') {
      const text = 'a probe request must contain a non-empty "K-Network-Hash" header'
      return respondError(exchange, 400, text)
    }
    exchange.respond(200, undefined, HeaderFields.from({[HASH_HEADER]: hash}))
  }

  #renderLoad(): string {
    const uptimeSeconds = (this.#clock.now() - this.#startedAtMs) / 1000
    return renderStatMetrics(this.config, this.#lastStat, uptimeSeconds)
  }

  /**
   * Resolves when nothing has arrived for the quiet period and everything is answered, or when the
   * drain is taken back. Who asks together is told in the same turn: the container must not be
   * stopped while its port still takes requests.
   */
  #drained(): Promise<void> {
    this.#draining ??= this.#untilIdle().finally(() => (this.#draining = undefined))
    return this.#draining
  }

  async #untilIdle(): Promise<void> {
    await this.#drainer.drain()
    while (this.active > 0 && this.#drainer.draining && !this.#closed.signal.aborted) {
      await sleep(this.#clock, IDLE_POLL_MS, this.#closed.signal)
    }
  }

  /** The container's preStop hook calls this, so that it is stopped only when requests ceased. */
  async #admin(exchange: Exchange): Promise<void> {
    if (exchange.path.split('?')[0] !== '/wait-for-drain') {
      return respondError(exchange, 404, '404 page not found')
    }
    // Without a termination of the pod it is only this container that restarts.
    this.#clock.after(1000, () => {
      if (!this.#terminating) this.#drainer.reset()
    })
    await this.#drained()
    exchange.respond(200)
  }
}

function showMetrics(exchange: Exchange, render: () => string): void {
  if (exchange.path.split('?')[0] === '/metrics') {
    exchange.respond(200, render(), HeaderFields.from({'content-type': METRICS_TYPE}))
  } else {
    respondError(exchange, 404, '404 page not found')
  }
}

function makeBreaker(containerConcurrency: number): Breaker | undefined {
  if (containerConcurrency < 1) return undefined
  return new Breaker({
    queueDepth: QUEUE_DEPTH_PER_SLOT * containerConcurrency,
    maxConcurrency: containerConcurrency,
    initialCapacity: containerConcurrency,
  })
}

/** Takes out what was meant for Knative's own components. */
function prepareForContainer(exchange: Exchange): void {
  const {headers, notes} = exchange
  headers.delete(REVISION_HEADER)
  headers.delete(REVISION_NAMESPACE_HEADER)
  const originalHost = headers.get(ORIGINAL_HOST_HEADER) ?? ''
  if (originalHost !== '') {
    exchange.host = originalHost
    headers.delete(ORIGINAL_HOST_HEADER)
  }
  const {peerIp} = notes
  if (typeof peerIp === 'string') headers.addToList('x-forwarded-for', peerIp)
}

function isHealthCheck(headers: HeaderFields): boolean {
  const agent = headers.get('user-agent')
  if (
    agent !== undefined &&
    (agent.startsWith(KUBE_PROBE_USER_AGENT) ||
      agent.startsWith(ACTIVATOR_USER_AGENT) ||
      agent.startsWith(AUTOSCALING_USER_AGENT))
  ) {
    return true
  }
  return (headers.get(KUBELET_PROBE_HEADER) ?? '') !== ''
}
