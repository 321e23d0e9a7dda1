import type {EventEmitter} from 'node:events'
import {inspect} from 'node:util'

/** Where exceptions arrive that nobody caught: `process`. */
export type ExceptionSource = Pick<EventEmitter, 'on' | 'off'>

/**
 * Keeps the process going when an exception reaches it that nobody caught, or a promise is rejected
 * that nobody waits for: `report` is told with its cause, and what else is under way goes on.
 *
 * It is the last resort, for mistakes in callbacks of sockets, streams and timers: these belong to
 * one exchange, watch or object, and the others know nothing of it. Returns what takes it back.
 */
export function surviveExceptions(
  source: ExceptionSource,
  report: (line: string) => void,
): () => void {
  const onException = (error: unknown, origin: string): void => {
    try {
      report(`${origin}: ${inspect(error)}`)
    } catch {
      // The disk may be full. An exception here would end the process after all.
    }
  }
  source.on('uncaughtException', onException)
  return () => void source.off('uncaughtException', onException)
}
