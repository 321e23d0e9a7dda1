/** What a CustomResourceDefinition that is being deleted says of itself and of its objects. */
import {failure} from '../../../api/meta/status-error.ts'
import {objectAt, objectsAt, type JsonObject} from '../json-value.ts'
import type {ServedResource, Verb} from '../registry/served-resource.ts'
import {timestamp} from '../timestamp.ts'

/** Keeps a CustomResourceDefinition that is being deleted until none of its objects is left. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io'

/** Status, reason and message of the condition `Terminating`, step by step. */
const STEPS = {
  pending: [
    'True',
    'InstanceDeletionPending',
    'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  ],
  inProgress: ['True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress'],
  completed: ['False', 'InstanceDeletionCompleted', 'removed all instances'],
} as const

/** Says in the status of a definition, in place, how far its deletion is. */
export function setTerminating(
  definition: JsonObject,
  step: keyof typeof STEPS,
  nowMs: number,
): void {
  const [status, reason, message] = STEPS[step]
  const conditions = objectsAt(objectAt(definition, 'status'), 'conditions')
  const before = conditions.find(({type}) => type === 'Terminating')
  const lastTransitionTime =
    before?.['status'] === status ? before['lastTransitionTime'] : timestamp(nowMs)
  objectAt(definition, 'status')['conditions'] = [
    ...conditions.filter((condition) => condition !== before),
    {type: 'Terminating', status, lastTransitionTime, reason, message},
  ]
}

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
