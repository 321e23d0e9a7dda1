import {badRequest, noNode} from '../../../apiserver/errors.ts'
import {asJson, type JsonObject, objectAt, stringAt} from '../../../apiserver/json-value.ts'
import type {PodAccess} from '../../../apiserver/pod-access.ts'
import type {Handler, RequestContext, Subresource} from '../../../apiserver/request-context.ts'
import type {WantedStreams} from '../../../apiserver/streaming/command-connection.ts'
import type {CommandRequest, PortsRequest} from '../../../apiserver/streaming/stream-request.ts'
import {containerOf} from './container-of.ts'
import {readStored} from '../../../apiserver/handlers/get.ts'

/** Answers what needs a connection of its own to a client that did not ask to switch to one. */
export function refuseWithoutUpgrade(open: NonNullable<Subresource['openStream']>): Handler {
  return (context) => {
    open(context, new URLSearchParams())
    throw badRequest('Upgrade request required')
  }
}

/**
 * The ports that a request for port-forward asks for. Throws what kube-apiserver refuses it with
 * before the node is asked.
 *
 * Counterpart of k8s.io/kubernetes `pkg/registry/core/pod` `PortForwardLocation`.
 */
export function readPorts(context: RequestContext, parameters: URLSearchParams): PortsRequest {
  const {object} = readStored(context)
  const {name, uid = '', namespace = ''} = object.metadata
  const access = nodeOf(context, asJson(object))
  const ports = parameters.getAll('ports').flatMap((text) => text.split(',').map(Number))
  if (!ports.every(isPort)) throw badRequest(`invalid ports "${ports.join(',')}"`)
  return {
    kind: 'portforward',
    pod: uid,
    ports,
    dial: (port) => access.dial(namespace, name, port),
  }
}

/**
 * The command that a request for exec or attach asks for. Throws what kube-apiserver refuses it with
 * before the node is asked.
 *
 * Counterpart of k8s.io/kubernetes `pkg/registry/core/pod` `streamLocation`.
 */
export function readCommand(context: RequestContext, parameters: URLSearchParams): CommandRequest {
  const {object} = readStored(context)
  const {name, namespace = ''} = object.metadata
  const pod = asJson(object)
  const container = containerOf(pod, parameters.get('container') ?? '')
  const access = nodeOf(context, pod)
  return {
    kind: context.info.subresource === 'exec' ? 'exec' : 'attach',
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
