/** What a CustomResourceDefinition that is being deleted says of itself and of its objects. */
import {objectAt, objectsAt, type JsonObject} from '../../apiserver/json-value.ts'
import {timestamp} from '../../apiserver/timestamp.ts'

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
