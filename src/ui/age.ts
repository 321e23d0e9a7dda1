/** Ages as kn's descriptions print them: in the largest unit only. `5s`, `2m`, `3h`, `4d`, `2y`. */

/** The age of an RFC 3339 time; empty without one. Counterpart of `duration.ShortHumanDuration`. */
export function shortAgeSince(time: string | null | undefined, nowMs: number): string {
  return time ? formatShortAge(nowMs - Date.parse(time)) : ''
}

/** A time span in its largest unit. */
export function formatShortAge(spanMs: number): string {
  const seconds = Math.trunc(spanMs / 1000)
  if (!(seconds >= -1)) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours}h`
  return hours < 24 * 365 ? `${Math.floor(hours / 24)}d` : `${Math.floor(hours / 24 / 365)}y`
}
