import type {KubeObject, ManagedFieldsEntry} from '../../../api/meta/object.ts'
import {patchJson} from '../../patch/json-patch.ts'
import {patchMerge} from '../../patch/merge-patch.ts'
import {builtInMergeTypeOf} from '../../patch/merge-type.ts'
import {recordUpdate} from '../../patch/record-update.ts'
import {parentManagedFields, scaleManagedFields} from '../../patch/scale-fields.ts'
import {badRequest} from '../errors.ts'
import {
  cloneJson,
  isJsonObject,
  numberAt,
  objectAt,
  stringAt,
  type JsonObject,
} from '../json-value.ts'
import {asKubeObject} from '../decode-object.ts'
import {formatLabels, formatSelector, NONE} from '../table/cells.ts'
import {scaleColumns} from '../table/scale-columns.ts'
import {mediaType, parseJson, readDocument} from '../read-body.ts'
import type {Verb, HandlerResult, RequestContext, Subresource} from '../request-context.ts'
import {READ_WRITE} from '../registry/kind.ts'
import {invalid, invalidValue} from '../validation/field-error.ts'
import {builtinJsonSchema} from '../schema/builtin-json-schema.ts'
import {structType} from '../schema/builtin-types.ts'
import {readWriteOptions} from '../write-options.ts'
import {readStored, served} from './get.ts'
import {updateObject} from './update-object.ts'

const SCALE = builtInMergeTypeOf(builtinJsonSchema(structType('autoscaling.v1.Scale')))

/** Reads or writes the scale of a workload: an `autoscaling/v1` Scale. */
async function scale(context: RequestContext, verb: Verb): Promise<HandlerResult> {
  const {resource} = context
  if (verb === 'get') {
    const current = served(resource, readStored(context).object)
    return answer(context, current)
  }
  const options = readWriteOptions(context, verb === 'patch' ? 'PatchOptions' : 'UpdateOptions')
  const object = await updateObject(
    context,
    {
      apply(current) {
        const wanted = wantedScale(context, verb, scaleOf(context, current))
        return scaled(context, current, {wanted, manager: options.fieldManager})
      },
      part: 'main',
      isReplacement: false,
      ownership: 'set',
    },
    options,
  )
  return answer(context, object)
}

/** The scale of a workload as a part of it. */
export const scaleSubresource: Subresource = {
  name: 'scale',
  verbs: READ_WRITE,
  kind: {group: 'autoscaling', version: 'v1', kind: 'Scale'},
  handle: scale,
}

function answer(context: RequestContext, object: KubeObject): HandlerResult {
  const document = scaleOf(context, object)
  return {kind: 'object', status: 200, object: asKubeObject(document), columns: scaleColumns}
}

function wantedScale(context: RequestContext, verb: Verb, current: JsonObject): JsonObject {
  if (verb === 'update') {
    const {value} = readDocument(context.body, 'Scale')
    const kind = stringAt(value, 'kind')
    if (kind !== '' && kind !== 'Scale') throw wrongKind(value)
    return value
  }
  const {body, headers} = context
  const document =
    body.kind === 'bytes' ? parseJson(new TextDecoder().decode(body.bytes)).value : bodyValue(body)
  if (mediaType(headers['content-type']) === 'application/json-patch+json') {
    const result = patchJson(current, document)
    return isJsonObject(result) ? result : {}
  }
  return patchMerge(current, document)
}

function bodyValue(body: RequestContext['body']): unknown {
  return body.kind === 'document' ? body.value : undefined
}

function wrongKind(value: JsonObject): Error {
  const apiVersion = stringAt(value, 'apiVersion')
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  const kind = stringAt(value, 'kind')
  return badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a Scale: converting (${version}.${kind}) to (autoscaling.Scale): unknown conversion`,
  )
}

/** The object with the replicas of the scale: a private copy. */
function scaled(
  context: RequestContext,
  current: KubeObject,
  {wanted, manager}: {wanted: JsonObject; manager: string},
): JsonObject {
  const {group, kind} = {group: 'autoscaling', kind: 'Scale'}
  const replicas = numberAt(objectAt(wanted, 'spec'), 'replicas') ?? 0
  if (replicas < 0) {
    throw invalid({group, kind, name: current.metadata.name}, [
      invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ])
  }
  const object = cloneJson(current) as unknown as JsonObject
  setPath(object, pathsOf(context).spec, replicas)
  const version = stringAt(objectAt(wanted, 'metadata'), 'resourceVersion')
  const meta = objectAt(object, 'metadata')
  if (version === '') delete meta['resourceVersion']
  else meta['resourceVersion'] = version
  const managedFields = fieldsAfterScale(context, current, {object, manager})
  if (managedFields === undefined) delete meta['managedFields']
  else meta['managedFields'] = managedFields
  return object
}

/** Who owns which field once `manager` has written the scale of an object: through the Scale. */
function fieldsAfterScale(
  context: RequestContext,
  current: KubeObject,
  {object, manager}: {object: JsonObject; manager: string},
): readonly ManagedFieldsEntry[] | undefined {
  const before = asKubeObject(scaleOf(context, current))
  const stored = current.metadata.managedFields
  const managedFields = scaleManagedFields(stored)
  const recorded = recordUpdate({
    before: {...before, metadata: {...before.metadata, ...(managedFields && {managedFields})}},
    after: asKubeObject(scaleOf(context, asKubeObject(object))),
    manager,
    time: context.now,
    apiVersion: 'autoscaling/v1',
    type: SCALE,
    subresource: 'scale',
  })
  return parentManagedFields(stored, recorded, context.resource.apiVersion)
}

function scaleOf(context: RequestContext, object: KubeObject): JsonObject {
  const {name, namespace, uid, resourceVersion, creationTimestamp} = object.metadata
  const paths = pathsOf(context)
  const replicas = Number(getPath(object, paths.spec) ?? 0)
  const selector = selectorText(getPath(object, paths.selector))
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {name, namespace, uid, resourceVersion, creationTimestamp},
    spec: replicas === 0 ? {} : {replicas},
    status: {
      replicas: Number(getPath(object, paths.status) ?? 0),
      ...(selector !== '' && {selector}),
    },
  }
}

function pathsOf({resource}: RequestContext): {spec: string; status: string; selector: string} {
  return (
    resource.subresources.get('scale')?.paths ?? {
      spec: '.spec.replicas',
      status: '.status.replicas',
      selector: '.spec.selector',
    }
  )
}

function getPath(object: unknown, path: string): unknown {
  let value = object
  for (const name of path.split('.').filter((part) => part !== '')) {
    value = isJsonObject(value) ? value[name] : undefined
  }
  return path === '' ? undefined : value
}

function setPath(object: JsonObject, path: string, value: unknown): void {
  const names = path.split('.').filter((part) => part !== '')
  const last = names.pop()
  if (last === undefined) return
  let inner = object
  for (const name of names) {
    const next = inner[name]
    if (isJsonObject(next)) inner = next
    else {
      const made: JsonObject = {}
      inner[name] = made
      inner = made
    }
  }
  inner[last] = value
}

/** A label selector as text: `app=web,tier in (a,b)`. */
function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector
  if (!isJsonObject(selector)) return ''
  const isLabels =
    selector['matchLabels'] === undefined && selector['matchExpressions'] === undefined
  const text = isLabels ? formatLabels(selector) : formatSelector(selector)
  return text === NONE ? '' : text
}
