let lastSecond = -1
let lastText = ''

/** A time as the API writes it: RFC 3339 in UTC with whole seconds. */
export function timestamp(timeMs: number): string {
  const second = Math.floor(timeMs / 1000)
  // Every request asks, and most come in one second.
  if (second !== lastSecond) {
    lastText = `${new Date(timeMs).toISOString().slice(0, 19)}Z`
    lastSecond = second
  }
  return lastText
}
