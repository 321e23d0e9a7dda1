import type {KubeObject} from '../../../api/meta/object.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {readDeleteOptions} from './delete-options.ts'
import {deleteObject} from './delete.ts'
import {readList} from './list.ts'

/** Deletes every selected object of a collection and answers what they were. */
export async function deleteCollection(context: RequestContext): Promise<HandlerResult> {
  const options = readDeleteOptions(context)
  const {items, metadata} = readList(context)
  const deleted: KubeObject[] = []
  for (const item of items) {
    const {name, namespace} = item.metadata
    const info = {...context.info, name, ...(namespace !== undefined && {namespace})}
    try {
      await deleteObject({...context, info}, options)
      deleted.push(item)
    } catch (error) {
      // Somebody else was faster, which is what we wanted.
      if (!isNotFound(error)) throw error
    }
  }
  return {kind: 'list', items: deleted, metadata}
}
