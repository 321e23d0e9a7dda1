/** Where a line of a log comes from. */
export interface LogSource {
  readonly pod: string
  readonly revision: string
  readonly container: string
}

/** A line of the log of a container. */
export interface LogLine extends LogSource {
  /** When it was written: RFC 3339 with up to nine digits of a second. */
  readonly time: string
  readonly message: string
}

/** Reads the lines of a log that was asked for with timestamps. */
export async function* readLogLines(
  chunks: AsyncIterable<Uint8Array>,
  source: LogSource,
): AsyncGenerator<LogLine, void> {
  for await (const text of readLines(chunks)) yield parseLogLine(text, source)
}

function parseLogLine(text: string, {pod, revision, container}: LogSource): LogLine {
  const space = text.indexOf(' ')
  const time = space < 0 ? text : text.slice(0, space)
  // A last line may be without a time: what a container wrote before it was cut off.
  const isTime = /^\d{4}-\d\d-\d\dT/.test(time)
  const message = isTime ? (space < 0 ? '' : text.slice(space + 1)) : text
  return {pod, revision, container, time: isTime ? time : '', message}
}

/** Lines without their ends; a last one counts also without an end. */
async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  // Pieces of a line are kept apart until its end is there: joining each time is quadratic.
  let pieces: string[] = []
  for await (const chunk of chunks) {
    const lines = decoder.decode(chunk, {stream: true}).split('\n')
    const last = lines.pop() ?? ''
    for (const line of lines) {
      yield pieces.length === 0 ? line : pieces.join('') + line
      pieces = []
    }
    if (last !== '') pieces.push(last)
  }
  if (pieces.length > 0) yield pieces.join('')
}

/** Orders times as they are in {@link LogLine}: negative when `left` is earlier. */
export function compareTimes(left: string, right: string): number {
  const [before, after] = [sortable(left), sortable(right)]
  return before < after ? -1 : before > after ? 1 : 0
}

// Zeros at the end of a fraction are left out.
function sortable(time: string): string {
  const [seconds = '', fraction = ''] = time.replace(/Z$/, '').split('.')
  return `${seconds}.${fraction.padEnd(9, '0')}`
}
