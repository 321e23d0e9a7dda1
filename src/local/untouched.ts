import type {KubeObject} from '../api/meta/object.ts'

/** Writing an object and its first managed fields may fall into two seconds. */
const SAME_MOMENT_MS = 2_000

/**
 * Whether an object stands as `manager` applied it when it was created: nobody else owns a field of
 * it, and the manager has not changed it since. Its status does not count.
 */
export function isUntouched({metadata}: KubeObject, manager: string): boolean {
  const entries = (metadata.managedFields ?? []).filter(({subresource}) => subresource !== 'status')
  const [only] = entries
  if (only === undefined || entries.length > 1) return false
  if (only.manager !== manager || only.operation !== 'Apply') return false
  const appliedMs = Date.parse(only.time ?? '')
  const createdMs = Date.parse(metadata.creationTimestamp ?? '')
  return Math.abs(appliedMs - createdMs) <= SAME_MOMENT_MS
}
