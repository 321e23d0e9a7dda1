import type {Probe} from '../../api/core/v1.ts'
import type {Upstream} from '../../http/upstream.ts'
import {type Clock, sleep} from '../../util/clock.ts'
import {messageOf} from '../../util/message-of.ts'
import type {ContainerAddress} from './container-address.ts'
import {probeGrpc, probeHandler, probeHttp, probeTcp} from './container-probes.ts'
import {probeHttpOfAnyVersion} from './http2-detection.ts'

const EAGER_TIMEOUT_MS = 100
/** Between two attempts of that kind. Upstream waits 50 ms; half of it halves the delay it adds. */
const EAGER_INTERVAL_MS = 25
/** How long a probe goes on trying before it reports a failure. */
const EAGER_PATIENCE_MS = 10_000

/** What a {@link ReadinessProbe} needs to know. */
export interface ReadinessOptions {
  readonly clock: Clock
  /** Undefined when nothing was asked for: the container is ready once it runs. */
  readonly probe: Probe | undefined
  readonly upstream: Upstream
  /** The port that `upstream` stands for. Others are taken to be ports of its host. */
  readonly userPort: number
  /** Whether to find out if the container speaks HTTP/2, where it is asked by HTTP. */
  readonly detectHttp2?: boolean
  /** Learns why a call came to the answer that the container is not ready. */
  readonly onFailure?: (reason: string) => void
  /** How long one attempt may take while the container is expected any moment; 100 by default. */
  readonly eagerTimeoutMs?: number
}

/**
 * Tells whether the container takes requests, by the probe its revision asks for.
 *
 * A probe without `periodSeconds` is Knative's own: it is tried again and again within one call, so
 * that a container that has just started counts as ready within milliseconds. Callers that ask
 * while an answer is under way get that one.
 *
 * Counterpart of knative.dev/serving `pkg/queue/readiness`.
 */
export class ReadinessProbe {
  readonly #options: ReadinessOptions
  #underWay: Promise<boolean> | undefined

  constructor(options: ReadinessOptions) {
    this.#options = options
  }

  /** Whether the container is ready; may take ten seconds to say no. */
  check(signal?: AbortSignal): Promise<boolean> {
    this.#underWay ??= this.#check(signal).finally(() => {
      this.#underWay = undefined
    })
    return this.#underWay
  }

  async #check(signal: AbortSignal | undefined): Promise<boolean> {
    const {probe, clock, eagerTimeoutMs = EAGER_TIMEOUT_MS} = this.#options
    if (probe === undefined) return true
    const eager = (probe.periodSeconds ?? 0) === 0
    if (!eager) {
      const failure = await this.#attempt(probe, (probe.timeoutSeconds ?? 1) * 1000)
      if (failure !== undefined) this.#options.onFailure?.(failure)
      return failure === undefined
    }
    const needed = probe.successThreshold ?? 1
    const deadlineMs = clock.now() + EAGER_PATIENCE_MS
    let successes = 0
    let failures = 0
    for (;;) {
      const failure = await this.#attempt(probe, eagerTimeoutMs)
      if (failure === undefined) successes++
      else successes = 0
      if (successes >= needed) return true
      if (failure !== undefined) failures++
      if (signal?.aborted) return false
      if (clock.now() >= deadlineMs) {
        // Failures are expected while a container starts, so only the last of many is told.
        const last = failure ?? 'too few successes in a row'
        this.#options.onFailure?.(`aggressive probe error (failed ${failures} times): ${last}`)
        return false
      }
      await sleep(clock, EAGER_INTERVAL_MS, signal)
    }
  }

  /** One attempt; why it failed, if it did. */
  async #attempt(probe: Probe, timeoutMs: number): Promise<string | undefined> {
    try {
      await this.#ask(probe, timeoutMs)
      return undefined
    } catch (error) {
      return messageOf(error)
    }
  }

  async #ask(probe: Probe, timeoutMs: number): Promise<void> {
    const {upstream} = this.#options
    if (upstream.kind === 'handler') {
      // A function has no socket; it is there as soon as its pod is, unless it says otherwise.
      if (upstream.listens?.() === false) throw new Error('connection refused')
      if (probe.httpGet !== undefined) await probeHandler(upstream, probe.httpGet)
      return
    }
    if (probe.httpGet !== undefined) {
      const ask = this.#options.detectHttp2 === true ? probeHttpOfAnyVersion : probeHttp
      return ask(this.#addressOf(probe.httpGet.port), probe.httpGet, timeoutMs)
    }
    if (probe.grpc !== undefined) {
      return probeGrpc(this.#addressOf(probe.grpc.port), probe.grpc.service ?? '', timeoutMs)
    }
    if (probe.tcpSocket !== undefined) {
      return probeTcp(this.#addressOf(probe.tcpSocket.port), timeoutMs)
    }
    throw new Error('no probe found')
  }

  #addressOf(port: number | string): ContainerAddress {
    const {upstream, userPort} = this.#options
    if (upstream.kind === 'handler') throw new Error('a function has no address')
    const wanted = Number(port)
    return {host: upstream.host, port: wanted === userPort ? upstream.port : wanted}
  }
}
