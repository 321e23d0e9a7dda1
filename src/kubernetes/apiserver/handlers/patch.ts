import type {KubeObject} from '../../../api/meta/object.ts'
import {failure} from '../../../api/meta/status-error.ts'
import {patchJson} from '../../patch/json-patch.ts'
import {patchMerge} from '../../patch/merge-patch.ts'
import {patchStrategic} from '../../patch/strategic-merge-patch.ts'
import type {Body} from '../body.ts'
import {decodeObject} from '../decode-object.ts'
import {badRequest} from '../errors.ts'
import {asJson, isJsonObject, type JsonObject} from '../json-value.ts'
import {mergeTypeFor} from '../managed-fields.ts'
import {mediaType, parseJson, unsupportedMediaType} from '../read-body.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {readWriteOptions} from '../write-options.ts'
import {apply} from './apply.ts'
import {updateObject} from './update-object.ts'
import {partOf} from './update.ts'

const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json'
const APPLY_PATCH = 'application/apply-patch+yaml'

/** Changes an object by one of the four kinds of patch. */
export async function patch(context: RequestContext): Promise<HandlerResult> {
  const type = patchTypeOf(context)
  if (type === APPLY_PATCH) return apply(context)
  const options = readWriteOptions(context, 'PatchOptions')
  const document = readPatch(context.body)
  const object = await updateObject(
    context,
    {
      apply: (current) =>
        decodeObject(
          context,
          {value: patched(context, type, current, document), duplicates: []},
          options,
        ),
      part: partOf(context),
      isReplacement: false,
    },
    options,
  )
  return {kind: 'object', status: 200, object}
}

function patchTypeOf({headers, resource}: RequestContext): string {
  const type = mediaType(headers['content-type'])
  const known = [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH]
  if (!known.includes(type)) {
    throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  }
  if (type === STRATEGIC_PATCH && resource.isCustom) {
    throw unsupportedMediaType([JSON_PATCH, MERGE_PATCH, APPLY_PATCH].join(', '))
  }
  return type
}

function readPatch(body: Body): unknown {
  if (body.kind === 'document') return body.value
  const bytes = body.kind === 'bytes' ? body.bytes : new Uint8Array()
  const {value, problem} = parseJson(new TextDecoder().decode(bytes))
  if (problem !== undefined) throw badRequest(`error decoding patch: ${problem}`)
  return value
}

function patched(
  {resource}: RequestContext,
  type: string,
  current: KubeObject,
  document: unknown,
): JsonObject {
  const base = asJson(current)
  switch (type) {
    case JSON_PATCH: {
      const result = patchJson(base, document)
      if (!isJsonObject(result)) throw badRequest('the patch leaves no object')
      return result
    }
    case MERGE_PATCH:
      return patchMerge(base, document)
    case STRATEGIC_PATCH:
      return patchStrategic(base, document, mergeTypeFor(resource))
    default:
      throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  }
}
