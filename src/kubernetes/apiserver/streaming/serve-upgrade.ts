import type {Duplex} from 'node:stream'
import type {ContainerAccess} from '../../../api/remote-command.ts'
import {failure, StatusError} from '../../../api/meta/status-error.ts'
import {messageOf} from '../../../util/message-of.ts'
import {badRequest} from '../errors.ts'
import type {CommandRequest, PortsRequest} from './stream-request.ts'
import type {RequestContext, Subresource} from '../request-context.ts'
import {forwardOnSpdy, forwardOnWebSocket} from './port-forward.ts'
import {
  choose,
  listOf,
  PORT_FORWARD,
  SPDY_COMMANDS,
  TUNNELLED_PORT_FORWARD,
  WEBSOCKET_COMMANDS,
  WEBSOCKET_PORTS,
} from './protocols.ts'
import {serveCommand} from './serve-command.ts'
import {commandOnSpdy} from './spdy-command.ts'
import {commandOnWebSocket} from './websocket-channels.ts'
import {acceptWebSocket, type UpgradeRequest} from './websocket-handshake.ts'

/** The node refused; unlike the API server it answers in plain text. */
export class NodeRefusal extends Error {
  override readonly name = 'NodeRefusal'
}

/** Whether a request is one that switches protocols here. */
export function isStream(context: RequestContext): boolean {
  return openerOf(context) !== undefined
}

function openerOf({resource, info}: RequestContext): Subresource['openStream'] {
  return resource.subresources.get(info.subresource ?? '')?.openStream
}

/**
 * Serves exec, attach or port-forward on a connection that is about to switch protocols.
 *
 * Resolves when the connection belongs to the new protocol. Until then the connection is the
 * caller's: rejects with the StatusError or {@link NodeRefusal} to answer.
 *
 * | wants to speak | command                             | ports                              |
 * | -------------- | ----------------------------------- | ---------------------------------- |
 * | WebSocket      | channels, v5 and v4 and older       | SPDY in its messages, or channels  |
 * | SPDY/3.1       | streams, v4 and older               | streams                            |
 */
export async function serveUpgrade(
  context: RequestContext,
  parameters: URLSearchParams,
  upgrade: UpgradeRequest,
): Promise<void> {
  const wanted = openerOf(context)?.(context, parameters)
  if (wanted === undefined) throw badRequest('Upgrade request required')
  const protocol = upgrade.request.headers.upgrade?.toLowerCase()
  if (protocol === 'websocket') await overWebSocket(wanted, upgrade)
  else if (protocol === 'spdy/3.1') await overSpdy(wanted, upgrade)
  else throw badRequest('Upgrade request required')
}

async function overWebSocket(
  wanted: CommandRequest | PortsRequest,
  upgrade: UpgradeRequest,
): Promise<void> {
  const offered = listOf(upgrade.request.headers['sec-websocket-protocol'])
  if (wanted.kind === 'portforward') {
    if (offered.includes(TUNNELLED_PORT_FORWARD)) {
      const {createWebSocketStream} = await import('ws')
      const socket = await acceptWebSocket(upgrade, TUNNELLED_PORT_FORWARD)
      void forwardOnSpdy(createWebSocketStream(socket), wanted)
      return
    }
    const protocol = negotiate(offered, WEBSOCKET_PORTS)
    forwardOnWebSocket(await acceptWebSocket(upgrade, protocol.name), protocol, wanted)
    return
  }
  const protocol = negotiate(offered, WEBSOCKET_COMMANDS)
  // Where the API server speaks to the client itself, the node is asked only afterwards.
  const open = protocol.isTranslated ? wanted.open : opened(wanted)
  const socket = await acceptWebSocket(upgrade, protocol.name)
  void serveCommand(wanted, open, commandOnWebSocket(socket, protocol, wanted.wanted), protocol)
}

async function overSpdy(
  wanted: CommandRequest | PortsRequest,
  upgrade: UpgradeRequest,
): Promise<void> {
  const header = upgrade.request.headers['x-stream-protocol-version']
  const offered = listOf(Array.isArray(header) ? header.join(',') : header)
  if (wanted.kind === 'portforward') {
    negotiate(offered, [{name: PORT_FORWARD}, {name: ''}])
    void forwardOnSpdy(acceptSpdy(upgrade, PORT_FORWARD), wanted)
    return
  }
  const protocol = negotiate(offered.length === 0 ? ['channel.k8s.io'] : offered, SPDY_COMMANDS)
  const open = opened(wanted)
  const connection = await commandOnSpdy(acceptSpdy(upgrade, protocol.name), wanted.wanted)
  if (connection !== undefined) void serveCommand(wanted, open, connection, protocol)
}

/** Asks the node now, so that its refusal can be the answer to the request. */
function opened(wanted: CommandRequest): () => ContainerAccess {
  const {stdin, stdout, stderr} = wanted.wanted
  if (!stdin && !stdout && !stderr) {
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr')
  }
  try {
    const access = wanted.open()
    return () => access
  } catch (error) {
    throw error instanceof StatusError ? error : new NodeRefusal(messageOf(error), {cause: error})
  }
}

function negotiate<P extends {readonly name: string}>(
  offered: readonly string[],
  ours: readonly P[],
): P {
  const protocol = choose(offered, ours)
  if (protocol !== undefined) return protocol
  const names = ours.map(({name}) => name).join(' ')
  throw failure(
    403,
    'Forbidden',
    `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${names}]`,
  )
}

function acceptSpdy({socket, head}: UpgradeRequest, protocol: string): Duplex {
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Connection: Upgrade',
      'Upgrade: SPDY/3.1',
      `X-Stream-Protocol-Version: ${protocol}`,
      '\r\n',
    ].join('\r\n'),
  )
  if (head.length > 0) socket.unshift(head)
  return socket
}
