import type {LogBuffer, LogLine} from './log-buffer.ts'

/** What of a container's log is wanted. Counterpart of `v1.PodLogOptions`. */
export interface LogOptions {
  readonly container?: string
  readonly follow?: boolean
  readonly previous?: boolean
  readonly sinceSeconds?: number
  readonly sinceTime?: string
  readonly tailLines?: number
  readonly limitBytes?: number
  readonly timestamps?: boolean
}

const encoder = new TextEncoder()

/**
 * The lines of a container's log that `options` ask for, as bytes. With `follow` it goes on until
 * the container ends or `signal` aborts.
 */
export async function* readLog(
  buffer: LogBuffer,
  options: LogOptions,
  nowMs: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const sinceMs = sinceOf(options, nowMs)
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY
  let {lines, next} = buffer.from(0)
  lines = lines.filter(({timeMs}) => timeMs >= sinceMs)
  if (options.tailLines !== undefined) lines = tail(lines, options.tailLines)
  for (;;) {
    if (lines.length > 0) {
      const bytes = encoder.encode(lines.map((line) => format(line, options)).join(''))
      yield bytes.subarray(0, left)
      left -= bytes.length
    }
    if (left <= 0 || !options.follow || signal.aborted) return
    const wasClosed = buffer.closed
    const more = buffer.from(next)
    lines = more.lines
    next = more.next
    if (lines.length > 0) continue
    if (wasClosed) return
    await buffer.changed(signal)
    ;({lines, next} = buffer.from(next))
  }
}

function sinceOf({sinceSeconds, sinceTime}: LogOptions, nowMs: number): number {
  if (sinceSeconds !== undefined) return nowMs - sinceSeconds * 1000
  if (sinceTime !== undefined) return Date.parse(sinceTime)
  return Number.NEGATIVE_INFINITY
}

function tail(lines: readonly LogLine[], count: number): readonly LogLine[] {
  return count <= 0 ? [] : lines.slice(-count)
}

function format({timeMs, text}: LogLine, {timestamps}: LogOptions): string {
  // Nanoseconds as the genuine log has them; the clock here has milliseconds.
  const prefix = timestamps ? `${new Date(timeMs).toISOString().replace('Z', '000000Z')} ` : ''
  return `${prefix}${text}\n`
}
