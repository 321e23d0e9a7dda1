/** Real sockets for tests of the data plane: servers, a proxy in front of them, raw clients. */
import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import {createServer, type RequestListener, type Server} from 'node:http'
import {
  createServer as createHttp2Server,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2'
import {type AddressInfo, connect, type Server as NetServer, type Socket} from 'node:net'
import {afterEach} from 'vitest'
import type {Exchange, HttpHandler} from '../../../src/http/exchange.ts'
import {openUpstream} from '../../../src/http/open-upstream.ts'
import {HttpServer} from '../../../src/http/server.ts'
import type {Upstream, UpstreamClient} from '../../../src/http/upstream.ts'
import {SystemClock} from '../../../src/util/clock.ts'
import {until} from '../../support/until.ts'

const cleanups: (() => Promise<unknown> | void)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** Runs `cleanup` after the test; the last one registered runs first. */
export function onCleanup(cleanup: () => Promise<unknown> | void): void {
  cleanups.push(cleanup)
}

/** An HTTP/1 server on a free port; closed after the test. */
export async function startHttp1(
  listener: RequestListener,
): Promise<{port: number; server: Server}> {
  const server = createServer(listener)
  const port = await listen(server)
  onCleanup(() => server.closeAllConnections())
  return {port, server}
}

/** An HTTP/2 server without TLS on a free port; closed after the test. */
export async function startH2c(
  onStream: (stream: ServerHttp2Stream, headers: Record<string, unknown>) => void,
): Promise<{port: number; server: Http2Server}> {
  const server = createHttp2Server()
  server.on('stream', onStream)
  server.on('session', (session) => onCleanup(() => session.destroy()))
  return {port: await listen(server), server}
}

/** Listens on a free port of the loopback interface; closed after the test. */
export function listen(server: NetServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      onCleanup(() => void server.close())
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** A port that refuses connections. */
export async function refusedPort(): Promise<number> {
  const {port, server} = await startHttp1(() => {})
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** An {@link HttpServer} with a handler on a free port; closed after the test. */
export async function serve(
  handler: HttpHandler,
): Promise<{port: number; server: HttpServer; errors: unknown[]; exchanges: Exchange[]}> {
  const errors: unknown[] = []
  const exchanges: Exchange[] = []
  const server = new HttpServer({
    clock: new SystemClock(),
    handler: (exchange) => {
      exchanges.push(exchange)
      return handler(exchange)
    },
    onError: (error) => errors.push(error),
  })
  const port = await server.listen(0)
  onCleanup(() => server.close())
  return {port, server, errors, exchanges}
}

/** A proxy in front of `upstream`, which answers 502 with the failure when that fails. */
export async function proxyTo(
  upstream: Upstream,
): Promise<{port: number; client: UpstreamClient; exchanges: Exchange[]; failures: unknown[]}> {
  const client = openUpstream(upstream)
  onCleanup(() => client.close())
  const failures: unknown[] = []
  const {port, exchanges} = await serve(async (exchange) => {
    try {
      await client.forward(exchange)
    } catch (error) {
      failures.push(error)
      exchange.respond(502, error instanceof Error ? error.message : '')
    }
  })
  return {port, client, exchanges, failures}
}

/** {@link proxyTo} an HTTP/1 server on a port. */
export function proxyToHttp1(port: number): ReturnType<typeof proxyTo> {
  return proxyTo({kind: 'tcp', host: '127.0.0.1', port, protocol: 'http1'})
}

/** A raw connection that keeps what it got as text. */
export interface RawConnection {
  readonly socket: Socket
  /** Everything received so far. */
  text(): string
  /** Resolves to the text once it contains `part`. */
  until(part: string): Promise<string>
  /** Resolves when the other side, which is in this process, has read all that was sent. */
  arrived(): Promise<void>
  /** Resolves when the other side has ended or cut the connection. */
  readonly closed: Promise<void>
}

/** Opens a raw connection and sends `head`. */
export async function rawConnect(port: number, head = ''): Promise<RawConnection> {
  const peers = acceptedSockets()
  const socket = connect(port, '127.0.0.1')
  onCleanup(() => void socket.destroy())
  let received = ''
  let check = (): void => {}
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
    check()
  })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  await new Promise<void>((resolve) => socket.on('connect', resolve))
  socket.write(head)
  return {
    socket,
    closed,
    text: () => received,
    arrived: () =>
      until(() => {
        const peer = peers.find(({remotePort}) => remotePort === socket.localPort)
        return peer?.bytesRead === socket.bytesWritten
      }),
    until: (part) =>
      new Promise((resolve, reject) => {
        check = () => {
          if (received.includes(part)) resolve(received)
        }
        void closed.then(() => reject(new Error(`closed before ${part}; got ${received}`)))
        check()
      }),
  }
}

/** The connections that servers of this process take until the test ends. */
function acceptedSockets(): Socket[] {
  const sockets: Socket[] = []
  const take = (message: unknown): void => void sockets.push((message as {socket: Socket}).socket)
  subscribe('net.server.socket', take)
  onCleanup(() => void unsubscribe('net.server.socket', take))
  return sockets
}

/** A promise and what resolves it. */
export function gate<T = void>(): PromiseWithResolvers<T> {
  return Promise.withResolvers<T>()
}
