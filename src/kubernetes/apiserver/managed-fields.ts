import type {KubeObject} from '../../api/meta/object.ts'
import type {JsonObject} from './json-value.ts'
import type {RequestContext} from './request-context.ts'
import type {WriteOptions} from './write-options.ts'

/** Notes in the managed fields of `object` what the manager of an update changed, in place. */
export function trackUpdate(
  _context: RequestContext,
  _old: KubeObject | undefined,
  _object: JsonObject,
  _options: WriteOptions,
): void {
  // Until the patch functions are there.
}

/** Whether two objects differ at most in the times of their managed fields. */
export function sameButTimes(_object: JsonObject, _current: KubeObject): boolean {
  return false
}
