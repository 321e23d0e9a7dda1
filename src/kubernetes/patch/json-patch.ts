import {failure} from '../../api/meta/status-error.ts'
import {isJsonObject} from '../../util/json.ts'
import {applyJsonPatch, JsonPatchError, type JsonPatchOperation} from '../../util/json-patch.ts'
import {goKind} from '../../util/go/print.ts'
import {badPatch, unprocessable} from './patch-errors.ts'

/** What kube-apiserver accepts in one request. */
const MAX_OPERATIONS = 10_000

/**
 * The object after a JSON patch, the body of an `application/json-patch+json` request.
 *
 * Throws a StatusError: 400 when the body is no JSON patch, 413 when it has too many operations,
 * 422 when an operation does not apply.
 */
export function patchJson(live: unknown, body: unknown): unknown {
  const operations = decodeOperations(body)
  try {
    return applyJsonPatch(live, operations)
  } catch (error) {
    if (error instanceof JsonPatchError) throw unprocessable()
    throw error
  }
}

function decodeOperations(body: unknown): JsonPatchOperation[] {
  // Go decodes null into an empty list.
  if (body === null) return []
  if (!Array.isArray(body)) throw undecodable(body, 'value of type []handlers.jsonPatchOp')
  const items: unknown[] = body
  if (items.length > MAX_OPERATIONS) {
    throw failure(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${items.length}`,
    )
  }
  return items.map(decodeOperation)
}

function decodeOperation(item: unknown): JsonPatchOperation {
  if (!isJsonObject(item)) throw undecodable(item, 'value of type handlers.jsonPatchOp')
  for (const name of ['op', 'path', 'from']) {
    const text = item[name]
    if (text !== undefined && text !== null && typeof text !== 'string') {
      throw undecodable(text, `struct field jsonPatchOp.${name} of type string`)
    }
  }
  const {op, path, from, value} = item
  // Without a path nothing can be found, and so the operation will not apply.
  if (typeof path !== 'string') throw unprocessable()
  return {
    op: typeof op === 'string' ? op : 'unknown',
    path,
    ...(typeof from === 'string' && {from}),
    ...(value !== undefined && {value}),
  }
}

function undecodable(value: unknown, into: string): Error {
  return badPatch(`error decoding patch: json: cannot unmarshal ${goKind(value)} into Go ${into}`)
}
