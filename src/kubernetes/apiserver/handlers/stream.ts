import type {Duplex} from 'node:stream'
import type {ContainerAccess} from '../../../api/remote-command.ts'
import {badRequest} from '../errors.ts'
import {asJson, type JsonObject, objectAt, stringAt} from '../json-value.ts'
import type {PodAccess} from '../pod-access.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import type {WantedStreams} from '../streaming/command-connection.ts'
import {containerOf} from './container-of.ts'
import {readStored} from './get.ts'
import {noNode} from './log.ts'

/** A command that a client wants to see running in a container. */
export interface CommandRequest {
  readonly kind: 'exec' | 'attach'
  readonly command: readonly string[]
  readonly wanted: WantedStreams
  /** See {@link PodAccess.container}. */
  readonly open: () => ContainerAccess
}

/** Ports of a pod that a client wants to reach. */
export interface PortsRequest {
  readonly kind: 'portforward'
  /** How messages name the pod. */
  readonly pod: string
  /** Those the request names; over SPDY every stream names its own. */
  readonly ports: readonly number[]
  readonly dial: (port: number) => Promise<Duplex>
}

/** Answers what needs a connection of its own to a client that did not ask to switch to one. */
export function stream(context: RequestContext): HandlerResult {
  readStream(context, new URLSearchParams())
  throw badRequest('Upgrade request required')
}

/**
 * What a request for exec, attach or port-forward asks for. Throws what kube-apiserver refuses it
 * with before the node is asked.
 *
 * Counterpart of k8s.io/kubernetes `pkg/registry/core/pod` `streamLocation`.
 */
export function readStream(
  context: RequestContext,
  parameters: URLSearchParams,
): CommandRequest | PortsRequest {
  const {info} = context
  const {subresource = ''} = info
  const {object} = readStored(context)
  const {name, uid = ''} = object.metadata
  const pod = asJson(object)
  const namespace = info.namespace ?? ''
  if (subresource === 'portforward') {
    const access = nodeOf(context, pod)
    const ports = parameters.getAll('ports').flatMap((text) => text.split(',').map(Number))
    if (!ports.every(isPort)) throw badRequest(`invalid ports "${ports.join(',')}"`)
    return {
      kind: 'portforward',
      pod: uid,
      ports,
      dial: (port) => access.dial(namespace, name, port),
    }
  }
  const container = containerOf(pod, parameters.get('container') ?? '')
  const access = nodeOf(context, pod)
  return {
    kind: subresource === 'exec' ? 'exec' : 'attach',
    command: parameters.getAll('command'),
    wanted: wantedStreams(parameters),
    open: () => access.container(namespace, name, container),
  }
}

function nodeOf({server}: RequestContext, pod: JsonObject): PodAccess {
  if (stringAt(objectAt(pod, 'spec'), 'nodeName') === '') {
    const name = stringAt(objectAt(pod, 'metadata'), 'name')
    throw badRequest(`pod ${name} does not have a host assigned`)
  }
  if (server.podAccess === undefined) throw noNode()
  return server.podAccess
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536
}

function wantedStreams(parameters: URLSearchParams): WantedStreams {
  const has = (name: string): boolean => ['true', '1'].includes(parameters.get(name) ?? '')
  const tty = has('tty')
  // A terminal has one output only.
  return {stdin: has('stdin'), stdout: has('stdout'), stderr: has('stderr') && !tty, tty}
}
