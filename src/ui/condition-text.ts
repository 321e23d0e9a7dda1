/** Conditions as kn's tables show them. */
import type {Condition} from '../api/conditions.ts'

/** `3 OK / 4`. */
export function countConditions(conditions: readonly Condition[] = []): string {
  return `${conditions.filter(({status}) => status === 'True').length} OK / ${conditions.length}`
}

/** The status of Ready; `<unknown>` without one. */
export function readyText(conditions: readonly Condition[] = []): string {
  return conditions.find(({type}) => type === 'Ready')?.status ?? '<unknown>'
}

/** Why something is not ready: reason and message of a Ready that is not True. */
export function notReadyReason(conditions: readonly Condition[] = []): string {
  const ready = conditions.find(({type}) => type === 'Ready')
  if (ready === undefined) return '<unknown>'
  if (ready.status === 'True') return ''
  const {reason = '', message} = ready
  return message ? `${reason} : ${message}` : reason
}
