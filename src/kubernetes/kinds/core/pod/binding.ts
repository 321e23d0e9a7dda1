import {conflict} from '../../../../api/meta/status-error.ts'
import {badRequest, plainError, resourceNotFound} from '../../../apiserver/errors.ts'
import {
  cloneJson,
  ensureObject,
  objectAt,
  stringAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {readDocument} from '../../../apiserver/read-body.ts'
import type {HandlerResult, RequestContext} from '../../../apiserver/request-context.ts'
import {readWriteOptions} from '../../../apiserver/write-options.ts'
import {updateObject} from '../../../apiserver/handlers/update-object.ts'
import {timestamp} from '../../../apiserver/timestamp.ts'
import {oneOf, required} from '../../../apiserver/validation/field-error.ts'

/** Puts the pod that a Binding names on a node: the older way, `POST …/bindings`. */
export function bindNamed(context: RequestContext): Promise<HandlerResult> {
  const {server, info} = context
  const {group, version} = info
  const {value} = readDocument(context.body, 'Binding')
  const name = stringAt(objectAt(value, 'metadata'), 'name')
  const resource = server.registry.find(group, version, 'pods')
  if (resource === undefined) throw resourceNotFound()
  return binding({
    ...context,
    resource,
    info: {...info, resource: 'pods', name, subresource: 'binding'},
  })
}

/** Puts a pod on a node, as a scheduler does. */
export async function binding(context: RequestContext): Promise<HandlerResult> {
  const options = readWriteOptions(context, 'CreateOptions')
  const {value} = readDocument(context.body, 'Binding')
  const node = targetOf(value)
  checkName(context, value)
  const now = timestamp(context.server.clock.now())
  await updateObject(
    context,
    {
      apply(current) {
        const pod = cloneJson(current) as unknown as JsonObject
        if (current.metadata.deletionTimestamp !== undefined) {
          throw conflict(
            context.resource.type,
            current.metadata.name,
            `pod ${current.metadata.name} is being deleted, cannot be assigned to a host`,
          )
        }
        const spec = ensureObject(pod, 'spec')
        const assigned = stringAt(spec, 'nodeName')
        if (assigned !== '') {
          throw conflict(
            context.resource.type,
            current.metadata.name,
            `pod ${current.metadata.name} is already assigned to node "${assigned}"`,
          )
        }
        spec['nodeName'] = node
        const status = ensureObject(pod, 'status')
        const others = Array.isArray(status['conditions'])
          ? (status['conditions'] as unknown[])
          : []
        status['conditions'] = [
          ...others,
          {type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now},
        ]
        return pod
      },
      part: 'all',
      keepsGeneration: true,
      isReplacement: false,
      // Nobody owns where a pod runs.
      ownership: 'set',
    },
    options,
  )
  return {
    kind: 'document',
    status: 201,
    value: {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201},
  }
}

/** The node a Binding names. Upstream answers what is wrong with one as an error of its own. */
function targetOf(value: JsonObject): string {
  const target = objectAt(value, 'target')
  const node = stringAt(target, 'name')
  const errors = [
    ...oneOf('target.kind', target['kind'] === '' ? undefined : target['kind'], [
      'Node',
      '<empty>',
    ]),
    ...(node === '' ? [required('target.name')] : []),
  ].map(({field, message}) => `${field}: ${message}`)
  if (errors.length > 0)
    throw plainError(errors.length === 1 ? errors.join('') : `[${errors.join(', ')}]`)
  return node
}

function checkName({info}: RequestContext, value: JsonObject): void {
  const name = stringAt(objectAt(value, 'metadata'), 'name')
  if (name !== '' && name !== info.name) {
    throw badRequest('name in URL does not match name in Binding object')
  }
}
