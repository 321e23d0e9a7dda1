import type {ContainerPort} from '../../../api/core/v1.ts'
import type {HttpHandler} from '../../../http/exchange.ts'
import type {Upstream} from '../../../http/upstream.ts'
import type {ExecResult} from '../../runtimes/runtime.ts'

/** How a probe ended; the message is what the event says. */
export type ProbeResult =
  | {readonly ok: true}
  | {
      readonly ok: false
      readonly message: string
      /** Of the answer, where a server gave one. */
      readonly status?: number
    }

/** The container a probe asks, and the ways to reach it. */
export interface ProbeTarget {
  readonly podIp: string
  readonly ports: readonly ContainerPort[]
  /** Where a port of the container answers, if it runs on a socket or as a function. */
  endpoint(port: number): Upstream | undefined
  /** Who answers on the pod's address, if it is bound in the ClusterNetwork. */
  dial(port: number): HttpHandler | undefined
  /** Whether the container says itself that it is ready. */
  readonly ready?: () => boolean | Promise<boolean>
  readonly exec?: (command: readonly string[], timeoutMs: number) => Promise<ExecResult>
}

/** The number of a port that a probe names by number or by name. */
export function probePort(target: ProbeTarget, port: number | string): number | undefined {
  if (typeof port === 'number') return port
  const named = target.ports.find(({name}) => name === port)
  if (named !== undefined) return named.containerPort
  const number = Number(port)
  return Number.isInteger(number) && port !== '' ? number : undefined
}

export function failed(message: string): ProbeResult & {ok: false} {
  return {ok: false, message}
}

/** What went wrong with a connection, in the words of Go, which people know from events. */
export function dialFailure(address: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ECONNREFUSED' || code === undefined) {
    return `dial tcp ${address}: connect: connection refused`
  }
  if (code === 'ECONNRESET') return `read tcp ${address}: read: connection reset by peer`
  return `dial tcp ${address}: ${code}`
}
