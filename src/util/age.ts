/**
 * A time span as kubectl prints ages: `5s`, `2m30s`, `3h`, `4d2h`, `2y30d`.
 *
 * Counterpart of k8s.io/apimachinery `duration.HumanDuration`.
 */
export function formatAge(spanMs: number): string {
  const seconds = Math.floor(spanMs / 1000)
  // Clocks of two machines may differ a little; more than that is not a time.
  if (!(seconds >= -1)) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (hours < 192) return withRest(days, 'd', hours % 24, 'h')
  if (hours < 24 * 365 * 2) return `${days}d`
  const years = Math.floor(days / 365)
  if (hours < 24 * 365 * 8) return withRest(years, 'y', days % 365, 'd')
  return `${years}y`
}

/** The age of an RFC 3339 time; `<unknown>` without one. */
export function ageSince(time: string | undefined | null, nowMs: number): string {
  return time ? formatAge(nowMs - Date.parse(time)) : '<unknown>'
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`
}
