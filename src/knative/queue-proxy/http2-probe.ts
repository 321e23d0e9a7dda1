import {type ClientHttp2Session, type ClientHttp2Stream, connect} from 'node:http2'
import type {ContainerAddress} from './container-address.ts'

/** How long a probe may take, and what it is called when it takes longer. */
export interface ProbeLimit {
  readonly timeoutMs: number
  readonly timeoutText: string
}

/**
 * Asks a container one thing on an HTTP/2 connection of its own, without TLS.
 *
 * `ask` opens the stream and calls `settle` with its verdict: nothing, or what is wrong. Whatever
 * breaks before that rejects. The connection is closed either way.
 */
export function probeOverHttp2(
  address: ContainerAddress,
  {timeoutMs, timeoutText}: ProbeLimit,
  ask: (session: ClientHttp2Session, settle: (error?: Error) => void) => ClientHttp2Stream,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://${address.host}:${address.port}`)
    const settle = (error?: Error): void => {
      session.destroy()
      if (error === undefined) resolve()
      else reject(error)
    }
    session.setTimeout(timeoutMs, () => settle(new Error(timeoutText)))
    session.on('error', settle)
    ask(session, settle).on('error', settle)
  })
}
