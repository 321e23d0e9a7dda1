import type {ProbeHandler} from '../../api/core/v1.ts'
import type {Clock} from '../../util/clock.ts'
import type {ProbeResult, ProbeTarget} from './probes/probe-target.ts'
import {runProbe} from './probes/run-probe.ts'

/**
 * Runs a `postStart` or `preStop` hook and waits for its end, at most `timeoutMs`.
 *
 * Upstream runs hooks by the same means as probes; any answer to an HTTP hook below 400 is success.
 */
export function runHook(
  target: ProbeTarget,
  hook: ProbeHandler,
  options: {clock: Clock; timeoutMs: number; signal: AbortSignal},
): Promise<ProbeResult> {
  const asked: ProbeTarget = {
    podIp: target.podIp,
    ports: target.ports,
    endpoint: (port) => target.endpoint(port),
    dial: (port) => target.dial(port),
    ...(target.exec && {exec: target.exec}),
  }
  return runProbe(asked, hook, options)
}
