import {conflict} from '../../../api/meta/status-error.ts'
import {badRequest} from '../errors.ts'
import {cloneJson, ensureObject, objectAt, stringAt, type JsonObject} from '../json-value.ts'
import {readDocument} from '../read-body.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {readWriteOptions} from '../write-options.ts'
import {updateObject} from './update-object.ts'
import {timestamp} from '../timestamp.ts'

/** Puts a pod on a node, as a scheduler does. */
export async function binding(context: RequestContext): Promise<HandlerResult> {
  const options = readWriteOptions(context, 'CreateOptions')
  const {value} = readDocument(context.body, 'Binding')
  const target = objectAt(value, 'target')
  const node = stringAt(target, 'name')
  if (node === '') throw badRequest('a binding needs the name of its target')
  const now = timestamp(context.server.clock.now())
  await updateObject(
    context,
    {
      apply(current) {
        const pod = cloneJson(current) as unknown as JsonObject
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
