import type {Pod, PodCondition} from '../../../api/core/v1.ts'
import {badRequest} from '../errors.ts'
import {asJson, cloneJson, objectAt, stringAt} from '../json-value.ts'
import {readDocument} from '../read-body.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {readWriteOptions, type WriteOptions} from '../write-options.ts'
import {readDeleteOptions} from './delete-options.ts'
import {deleteObject} from './delete.ts'
import {takeFromBudget} from './disruption-budget.ts'
import {readStored} from './get.ts'
import {updateObject} from './update-object.ts'

/**
 * Deletes a pod the polite way: not while a disruption budget forbids it.
 *
 * Counterpart of k8s.io/kubernetes `registry/core/pod/storage` `EvictionREST`.
 */
export async function eviction(context: RequestContext): Promise<HandlerResult> {
  const {value} = readDocument(context.body, 'Eviction')
  const name = stringAt(objectAt(value, 'metadata'), 'name')
  if (name !== '' && name !== context.info.name) {
    throw badRequest('name in URL does not match name in Eviction object')
  }
  const deletion = readDeleteOptions({
    ...context,
    body: {kind: 'document', value: objectAt(value, 'deleteOptions')},
  })
  const requested = readWriteOptions(context, 'CreateOptions')
  const options = {...requested, dryRun: requested.dryRun || deletion.dryRun}
  const pod = readStored(context).object as Pod
  await takeFromBudget(context, pod, options)
  if (pod.metadata.deletionTimestamp === undefined) await markDisrupted(context, options)
  await deleteObject(context, {...deletion, dryRun: options.dryRun})
  return {
    kind: 'document',
    status: 201,
    value: {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201},
  }
}

/** Says in the pod's status why it is about to end. */
async function markDisrupted(context: RequestContext, options: WriteOptions): Promise<void> {
  const {subresource: _, ...info} = context.info
  await updateObject(
    {...context, info},
    {
      part: 'status',
      isReplacement: false,
      apply(current) {
        const pod = cloneJson(current) as Pod
        const condition: PodCondition = {
          type: 'DisruptionTarget',
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: context.now,
          reason: 'EvictionByEvictionAPI',
          message: 'Eviction API: evicting',
        }
        const conditions = pod.status?.conditions ?? []
        const others = conditions.filter(({type}) => type !== condition.type)
        pod.status = {...pod.status, conditions: [...others, condition]}
        return asJson(pod)
      },
    },
    options,
  )
}
