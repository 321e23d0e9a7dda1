import type {KubeObject} from '../../../../src/api/meta/object.ts'
import {StatusError} from '../../../../src/api/meta/status-error.ts'
import {sortedJson} from '../../../../src/util/go/json.ts'
import {customResourceSchema} from '../../../../src/kubernetes/patch/merge-schema.ts'
import {mergeTypeOf} from '../../../../src/kubernetes/patch/merge-type.ts'
import {recordUpdate} from '../../../../src/kubernetes/patch/record-update.ts'
import {
  applyConfiguration,
  type ApplyRequest,
} from '../../../../src/kubernetes/patch/server-side-apply.ts'
import type {JsonObject} from '../../../../src/util/json.ts'

const text = {type: 'string'}
/** A custom resource with every way of merging. */
export const WIDGET = mergeTypeOf(
  customResourceSchema({
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          size: {type: 'integer'},
          color: text,
          labels: {type: 'object', additionalProperties: text},
          whole: {type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: text},
          list: {type: 'array', items: text},
          tags: {type: 'array', items: text, 'x-kubernetes-list-type': 'set'},
          parts: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['name', 'kind'],
            items: {
              type: 'object',
              properties: {
                name: text,
                kind: {type: 'string', default: 'plain'},
                value: text,
                note: text,
              },
            },
          },
          anything: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
        },
      },
      status: {type: 'object', properties: {phase: text}},
    },
  }),
)

/** A Widget with this spec. */
export function widget(wanted: JsonObject): KubeObject & {spec: JsonObject} {
  return {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: {name: 'w'},
    spec: structuredClone(wanted),
  }
}

/** A request of the manager `me` to apply this spec. */
export function request(live: KubeObject | undefined, wanted: JsonObject): ApplyRequest {
  return {
    live,
    applied: widget(wanted),
    manager: 'me',
    force: false,
    time: 'T1',
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    type: WIDGET,
  }
}

/** The Widget after `me`, or who the options say, applied this spec. */
export function apply(
  live: KubeObject | undefined,
  wanted: JsonObject,
  options: Partial<ApplyRequest> = {},
): KubeObject {
  return applyConfiguration({...request(live, wanted), ...options})
}

/** The object after somebody replaced its spec. */
export function update(
  before: KubeObject | undefined,
  wanted: JsonObject,
  manager = 'editor',
  subresource = '',
): KubeObject {
  const after = {...(before ?? widget({})), spec: structuredClone(wanted)}
  const managedFields = recordUpdate({
    before,
    after,
    manager,
    time: 'T1',
    apiVersion: 'example.com/v1',
    type: WIDGET,
    subresource,
  })
  const {managedFields: _, ...metadata} = after.metadata
  return {...after, metadata: {...metadata, ...(managedFields !== undefined && {managedFields})}}
}

/** The spec of an object. */
export function specOf(object: KubeObject | undefined): JsonObject {
  return (object as unknown as {spec?: JsonObject}).spec ?? {}
}

/** What each manager owns. */
export function ownersOf(object: KubeObject): JsonObject {
  const entries = object.metadata.managedFields ?? []
  return Object.fromEntries(entries.map(({manager = '', fieldsV1}) => [manager, fieldsV1]))
}

/** A list in an order that says nothing; anything else as it is. */
export function sorted(each: unknown): unknown {
  return Array.isArray(each)
    ? each.map((item) => JSON.stringify(sortedJson(item))).toSorted()
    : each
}

/** The StatusError that `run` throws. */
export function failureOf(run: () => unknown): StatusError {
  try {
    run()
  } catch (error) {
    if (error instanceof StatusError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
