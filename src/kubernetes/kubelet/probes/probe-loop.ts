import type {Probe} from '../../../api/core/v1.ts'
import {type Clock, sleep} from '../../../util/clock.ts'
import type {ProbeResult} from './probe-target.ts'

/** What a loop of probes tells. */
export interface ProbeListener {
  /** The verdict changed: `successThreshold` successes or `failureThreshold` failures in a row. */
  verdict(healthy: boolean, message: string): void
  /** A probe failed that counts. */
  unhealthy(message: string): void
}

const DEFAULTS = {periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3}

/** How often a container is asked that has not answered yet: people wait for it. */
const EAGER_MS = 25
const EAGER_FOR_MS = 5000
const PATIENT_MS = 250

/**
 * Probes a container until `signal` aborts, as the probe's thresholds and periods say.
 *
 * Differs from upstream: until the first success a container is asked every 25 ms (later every
 * 250 ms) instead of every `periodSeconds`; only one failure per period counts, so thresholds take
 * as long as they do upstream.
 */
export async function probeLoop(
  probe: Probe,
  options: {
    kind: 'startup' | 'readiness' | 'liveness'
    clock: Clock
    ask: (timeoutMs: number) => Promise<ProbeResult>
    listener: ProbeListener
  },
  signal: AbortSignal,
): Promise<void> {
  const {kind, clock, ask, listener} = options
  const periodMs = (probe.periodSeconds ?? DEFAULTS.periodSeconds) * 1000
  const timeoutMs = (probe.timeoutSeconds ?? DEFAULTS.timeoutSeconds) * 1000
  if (probe.initialDelaySeconds) await sleep(clock, probe.initialDelaySeconds * 1000, signal)

  const startMs = clock.now()
  // A failure counts at the earliest when upstream's first probe would have been over.
  let nextCountedMs = startMs + (kind === 'liveness' ? 0 : periodMs)
  let successes = 0
  let failures = 0
  let healthy: boolean | undefined
  let wasHealthy = false
  while (!signal.aborted) {
    const result = await ask(timeoutMs)
    if (signal.aborted) return
    if (result.ok) {
      successes += 1
      failures = 0
      if (successes >= (probe.successThreshold ?? DEFAULTS.successThreshold) && healthy !== true) {
        healthy = true
        wasHealthy = true
        listener.verdict(true, '')
      }
    } else {
      successes = 0
      const isCounted = healthy === true || clock.now() >= nextCountedMs
      if (isCounted) {
        nextCountedMs = clock.now() + periodMs
        failures += 1
        listener.unhealthy(result.message)
        const isOver = failures >= (probe.failureThreshold ?? DEFAULTS.failureThreshold)
        if (isOver && healthy !== false) {
          healthy = false
          listener.verdict(false, result.message)
        }
      }
    }
    const isEager = kind !== 'liveness' && !wasHealthy && successes === 0
    const waitMs = isEager ? eagerMs(clock.now() - startMs, periodMs) : periodMs
    await sleep(clock, waitMs, signal)
  }
}

function eagerMs(waitedMs: number, periodMs: number): number {
  return Math.min(waitedMs < EAGER_FOR_MS ? EAGER_MS : PATIENT_MS, periodMs)
}
