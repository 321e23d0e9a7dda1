import type {IncomingMessage} from 'node:http'
import type {Duplex} from 'node:stream'
import type {WebSocket} from 'ws'

/** A connection whose client wants to speak something else than HTTP from now on. */
export interface UpgradeRequest {
  readonly request: IncomingMessage
  readonly socket: Duplex
  /** What of the new protocol came with the request. */
  readonly head: Buffer
}

/** Nothing that one message of a remote command or a port carries comes near it. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024

/**
 * Accepts a WebSocket with `protocol`, empty for a client that named none.
 *
 * The header is written here, since the names of some protocols of Kubernetes contain a slash,
 * which the library takes for an error.
 */
export async function acceptWebSocket(
  {request, socket, head}: UpgradeRequest,
  protocol: string,
): Promise<WebSocket> {
  const {WebSocketServer} = await import('ws')
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  })
  if (protocol !== '') {
    server.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`))
  }
  delete request.headers['sec-websocket-protocol']
  return new Promise((resolve) => {
    server.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => undefined)
      resolve(webSocket)
    })
  })
}
