import {isTrue} from '../../api/condition-set.ts'
import type {Revision} from '../../api/serving/v1.ts'

/** Whether a revision can take requests. */
export function isReady(revision: Revision): boolean {
  return isTrue(revision.status, 'Ready')
}
