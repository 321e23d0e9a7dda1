import type {Duplex} from 'node:stream'
import type {WebSocket} from 'ws'
import {messageOf} from '../../../util/message-of.ts'
import type {PortsRequest} from './stream-request.ts'
import type {CommandProtocol} from './protocols.ts'
import {SpdySession, type SpdyStream} from './spdy/session.ts'
import {Channels} from './websocket-channels.ts'

/**
 * Connects the streams a client opens in pairs, one for data and one for errors, to the ports their
 * headers name. Resolves when the connection is gone.
 *
 * Counterpart of k8s.io/kubelet `portforward` `httpStreamHandler`.
 */
export function forwardOnSpdy(connection: Duplex, request: PortsRequest): Promise<void> {
  const waiting = new Map<string, SpdyStream>()
  const session = new SpdySession(connection, (stream) => {
    const {streamtype, port = '', requestid = ''} = stream.headers
    const id = `${requestid}/${streamtype === 'error' ? 'data' : 'error'}`
    const partner = waiting.get(id)
    if (partner === undefined) {
      waiting.set(`${requestid}/${streamtype}`, stream)
      return
    }
    waiting.delete(id)
    const [data, error] = streamtype === 'error' ? [partner, stream] : [stream, partner]
    void forward(request, Number(port), data, error)
  })
  return session.closed
}

async function forward(
  request: PortsRequest,
  port: number,
  data: SpdyStream,
  error: SpdyStream,
): Promise<void> {
  error.resume()
  let socket: Duplex
  try {
    socket = await request.dial(port)
  } catch (cause) {
    error.end(refusal(request, port, cause))
    data.resume().end()
    return
  }
  join(data, socket)
  socket.once('close', () => error.end())
}

/** Two connections become one; the end of either is the end of both. */
function join(data: Duplex, socket: Duplex): void {
  data.pipe(socket).pipe(data)
  socket.on('error', () => data.destroy())
  socket.once('close', () => {
    if (!data.writableEnded) data.end()
  })
  data.once('close', () => socket.destroy())
}

function refusal({pod}: PortsRequest, port: number, cause: unknown): string {
  return `error forwarding port ${port} to pod ${pod}, uid : ${messageOf(cause)}`
}

/**
 * Connects the channels of a WebSocket to the ports that the request names: two for each port, for
 * data and for errors, both of which begin with the number of the port.
 */
export function forwardOnWebSocket(
  socket: WebSocket,
  protocol: CommandProtocol,
  request: PortsRequest,
): void {
  const channels = new Channels(socket, protocol)
  const receivers = request.ports.map((port, index) => {
    const incoming = channels.readable()
    const number = Buffer.alloc(2)
    number.writeUInt16LE(port)
    void channels.send(2 * index, number)
    void channels.send(2 * index + 1, number)
    const begin = async (): Promise<void> => {
      try {
        const connection = await request.dial(port)
        connection.pipe(channels.writable(2 * index))
        incoming.stream.pipe(connection)
        connection.on('error', () => undefined)
        // A channel cannot be closed by itself: the client learns of it by the connection.
        connection.once('close', () => channels.close())
        socket.on('close', () => connection.destroy())
      } catch (cause) {
        await channels.send(2 * index + 1, Buffer.from(refusal(request, port, cause)))
        channels.close()
      }
    }
    void begin()
    return incoming
  })
  channels.listen((channel, data) => {
    if (channel % 2 === 0) receivers[channel / 2]?.receive(data)
  })
}
