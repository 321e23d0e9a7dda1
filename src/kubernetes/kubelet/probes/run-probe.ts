import {messageOf} from '../../../util/message-of.ts'
import type {ProbeHandler} from '../../../api/core/v1.ts'
import type {Clock} from '../../../util/clock.ts'
import {probeGrpc} from './grpc-probe.ts'
import {probeHttp} from './http-probe.ts'
import {failed, type ProbeResult, type ProbeTarget} from './probe-target.ts'
import {probeTcp} from './tcp-probe.ts'

/**
 * Asks a container once, in the way the probe says. Never rejects; after `timeoutMs` it has failed.
 *
 * A container that knows itself whether it is ready (a component of this program) is asked
 * directly, whatever the probe says.
 */
export async function runProbe(
  target: ProbeTarget,
  probe: ProbeHandler,
  options: {clock: Clock; timeoutMs: number; signal: AbortSignal},
): Promise<ProbeResult> {
  const controller = new AbortController()
  const {promise: timedOut, resolve: timeOut} = Promise.withResolvers<ProbeResult>()
  const timer = options.clock.after(options.timeoutMs, () => {
    timeOut(failed(timeoutMessage(target, probe)))
    controller.abort(new Error('the probe took too long'))
  })
  const onAbort = (): void => {
    timeOut(failed('the container is stopping'))
    controller.abort()
  }
  options.signal.addEventListener('abort', onAbort, {once: true})
  try {
    return await Promise.race([ask(target, probe, controller.signal, options.timeoutMs), timedOut])
  } catch (error) {
    return failed(messageOf(error))
  } finally {
    timer.cancel()
    options.signal.removeEventListener('abort', onAbort)
  }
}

async function ask(
  target: ProbeTarget,
  probe: ProbeHandler,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<ProbeResult> {
  if (target.ready !== undefined) {
    if (await target.ready()) return {ok: true}
    // A genuine queue-proxy answers the kubelet so while its container is not ready.
    return failed(
      probe.httpGet === undefined
        ? 'the component is not ready'
        : 'HTTP probe failed with statuscode: 503',
    )
  }
  if (probe.httpGet !== undefined) return probeHttp(target, probe.httpGet, signal)
  if (probe.tcpSocket !== undefined) return probeTcp(target, probe.tcpSocket, signal)
  if (probe.grpc !== undefined) return probeGrpc(target, probe.grpc, signal)
  if (probe.exec !== undefined) return probeExec(target, probe.exec.command ?? [], timeoutMs)
  return failed('missing probe handler')
}

async function probeExec(
  target: ProbeTarget,
  command: readonly string[],
  timeoutMs: number,
): Promise<ProbeResult> {
  if (target.exec === undefined) return failed('the runtime of this container runs no commands')
  const {exitCode, output} = await target.exec(command, timeoutMs)
  return exitCode === 0 ? {ok: true} : failed(output)
}

function timeoutMessage(target: ProbeTarget, probe: ProbeHandler): string {
  if (probe.httpGet === undefined) return 'timeout: failed to finish within the timeout'
  const {path = '/', port, host = target.podIp} = probe.httpGet
  return (
    `Get "http://${host}:${port}${path}": context deadline exceeded ` +
    '(Client.Timeout exceeded while awaiting headers)'
  )
}
