import {connect} from 'node:net'
import type {ProbeHandler} from '../../../api/core/v1.ts'
import {dialFailure, failed, probePort, type ProbeResult, type ProbeTarget} from './probe-target.ts'

/** Whether somebody accepts connections on the port. */
export async function probeTcp(
  target: ProbeTarget,
  socket: NonNullable<ProbeHandler['tcpSocket']>,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const port = probePort(target, socket.port)
  if (port === undefined) return failed(`couldn't find port: ${socket.port}`)
  const host = socket.host === undefined || socket.host === '' ? target.podIp : socket.host
  const address = `${host}:${port}`
  if (host === target.podIp) {
    const upstream = target.endpoint(port)
    if (upstream === undefined) {
      // A part of this program that stands before the container listens as long as it is bound.
      return target.dial(port) === undefined ? failed(dialFailure(address, undefined)) : {ok: true}
    }
    if (upstream.kind === 'handler') {
      // A function listens as soon as it is there, unless it says otherwise.
      const refused = upstream.listens?.() === false
      return refused ? failed(dialFailure(address, undefined)) : {ok: true}
    }
    return tryConnect({host: upstream.host, port: upstream.port, address}, signal)
  }
  return tryConnect({host, port, address}, signal)
}

function tryConnect(
  {host, port, address}: {host: string; port: number; address: string},
  signal: AbortSignal,
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({host, port})
    const finish = (result: ProbeResult): void => {
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve(result)
    }
    const onAbort = (): void => finish(failed(`dial tcp ${address}: i/o timeout`))
    signal.addEventListener('abort', onAbort, {once: true})
    socket.once('connect', () => finish({ok: true}))
    socket.once('error', (error) => finish(failed(dialFailure(address, error))))
  })
}
