import type {TroubleReport} from './follow-workload.ts'

/** `CrashLoopBackOff: container "user-container" ended with exit code 1 (revision web-00001, pod …).` */
export function describeTrouble({reason, message, revision, pod}: TroubleReport): string {
  const place = [`revision ${revision}`, ...(pod === undefined ? [] : [`pod ${pod}`])].join(', ')
  return `${reason}: ${message.trim().replace(/\.$/, '')} (${place})`
}

/** The last lines of the container, under a heading; nothing when it said nothing. */
export function quoteLog({container, log}: TroubleReport): string[] {
  if (log.length === 0) return []
  return [`The last lines of ${container}:`, ...log.map((line) => `  ${line}`)]
}
