import type Docker from 'dockerode'
import type {EngineAddress} from './engine-address.ts'

/** The library's client of an engine. */
export type Engine = Docker

/** Connects to an engine. The library is loaded only here: it takes 0.3 s. */
export async function connectEngine(address: EngineAddress): Promise<Engine> {
  const {default: Client} = await import('dockerode')
  return address.kind === 'socket'
    ? new Client({socketPath: address.path})
    : new Client({host: address.host, port: address.port, protocol: 'http'})
}

/** What an engine said went wrong, in one line. */
export function engineMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const {json} = error as {json?: {message?: string}}
  return (json?.message ?? error.message)
    .replace(/^\(HTTP code \d+\) [^-]*- /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
}

/** The HTTP status of an engine's refusal. */
export function engineStatus(error: unknown): number | undefined {
  return (error as {statusCode?: number} | undefined)?.statusCode
}
