import {badRequest} from '../../../apiserver/errors.ts'
import {objectAt, stringAt} from '../../../apiserver/json-value.ts'
import {readDocument} from '../../../apiserver/read-body.ts'
import type {HandlerResult, RequestContext} from '../../../apiserver/request-context.ts'
import {readWriteOptions} from '../../../apiserver/write-options.ts'
import {readDeleteOptions} from '../../../apiserver/handlers/delete-options.ts'
import {deleteObject} from '../../../apiserver/handlers/delete.ts'

/**
 * Deletes a pod as `kubectl drain` asks for it. Disruption budgets are not counted here: they bind
 * nobody.
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
  await deleteObject(context, {...deletion, dryRun: deletion.dryRun || requested.dryRun})
  return {
    kind: 'document',
    status: 201,
    value: {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201},
  }
}
