import {objectAt} from '../json-value.ts'
import {readDocument} from '../read-body.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {readDeleteOptions} from './delete-options.ts'
import {deleteObject} from './delete.ts'

/**
 * Deletes a pod the polite way. Disruption budgets are not looked at: the one node of this cluster
 * is never drained.
 */
export async function eviction(context: RequestContext): Promise<HandlerResult> {
  const {value} = readDocument(context.body, 'Eviction')
  const options = readDeleteOptions({
    ...context,
    body: {kind: 'document', value: objectAt(value, 'deleteOptions')},
  })
  await deleteObject(context, options)
  return {
    kind: 'document',
    status: 201,
    value: {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201},
  }
}
