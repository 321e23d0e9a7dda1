/** A time as the API writes it: RFC 3339 in UTC with whole seconds. */
export function timestamp(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`
}
