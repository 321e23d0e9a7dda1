import {failure} from '../../../api/meta/status-error.ts'
import type {ServedResource, Verb} from '../request-context.ts'

/** Refuses to create an object whose definition is being deleted. */
export function checkNotTerminating({type, isTerminating}: ServedResource): void {
  if (isTerminating !== true) return
  throw failure(
    405,
    'MethodNotAllowed',
    'create not allowed while custom resource definition is terminating',
    {group: type.group, kind: type.plural},
  )
}

const CHANGES: readonly Verb[] = ['create', 'patch', 'update']

/** The verbs that discovery shows: nothing new is made of a definition that is being deleted. */
export function shownVerbs({verbs, isTerminating}: ServedResource): readonly Verb[] {
  return isTerminating === true ? verbs.filter((verb) => !CHANGES.includes(verb)) : verbs
}
