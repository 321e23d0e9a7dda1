import type {Container, Probe} from '../../api/core/v1.ts'
import type {PodContext} from './pod-context.ts'
import {probeLoop} from './probes/probe-loop.ts'
import type {ProbeResult, ProbeTarget} from './probes/probe-target.ts'
import {runProbe} from './probes/run-probe.ts'

/** One run of a container, and who wants to know how its probes go. */
export interface ProbedContainer {
  readonly container: Container
  readonly target: ProbeTarget
  readonly context: PodContext
  readonly fieldPath: string
  onStarted(): void
  onReady(ready: boolean): void
  /** The container must be restarted; the message is that of the event. */
  onDead(message: string): void
}

/**
 * Probes a running container until `signal` aborts: first the startup probe alone, then readiness
 * and liveness side by side.
 */
export function probeContainer(probed: ProbedContainer, signal: AbortSignal): void {
  const {startupProbe, readinessProbe, livenessProbe} = probed.container
  const afterStart = (): void => {
    if (readinessProbe === undefined) probed.onReady(true)
    else {
      const onVerdict = (ready: boolean): void => probed.onReady(ready)
      void loop(probed, {kind: 'readiness', probe: readinessProbe, onVerdict}, signal)
    }
    // A component that is stuck is a bug of this program; a restart would only hide it.
    if (livenessProbe === undefined || probed.target.ready !== undefined) return
    const onVerdict = (healthy: boolean): void => {
      if (!healthy) dead(probed, 'liveness')
    }
    void loop(probed, {kind: 'liveness', probe: livenessProbe, onVerdict}, signal)
  }
  if (startupProbe === undefined) {
    afterStart()
    return
  }
  const starting = new AbortController()
  const end = (): void => starting.abort()
  signal.addEventListener('abort', end, {once: true})
  const onVerdict = (healthy: boolean): void => {
    end()
    if (!healthy) {
      dead(probed, 'startup')
      return
    }
    probed.onStarted()
    afterStart()
  }
  void loop(probed, {kind: 'startup', probe: startupProbe, onVerdict}, starting.signal)
}

interface LoopOptions {
  readonly kind: 'startup' | 'readiness' | 'liveness'
  readonly probe: Probe
  readonly onVerdict: (healthy: boolean) => void
}

function dead(probed: ProbedContainer, kind: string): void {
  const {name} = probed.container
  probed.onDead(`Container ${name} failed ${kind} probe, will be restarted`)
}

function loop(
  probed: ProbedContainer,
  {kind, probe, onVerdict}: LoopOptions,
  signal: AbortSignal,
): Promise<void> {
  const {context, target, fieldPath} = probed
  const {clock} = context
  const title = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
  const ask = (timeoutMs: number): Promise<ProbeResult> =>
    runProbe(target, probe, {clock, timeoutMs, signal})
  return probeLoop(
    probe,
    {
      kind,
      clock,
      ask,
      listener: {
        verdict: onVerdict,
        unhealthy: (message) =>
          context.events.warning(
            context.pod(),
            'Unhealthy',
            `${title} probe failed: ${message}`,
            fieldPath,
          ),
      },
    },
    signal,
  )
}
