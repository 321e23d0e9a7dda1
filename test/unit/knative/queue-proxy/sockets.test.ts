/** What only real connections show: changes of protocol, and clients that leave. */
import {createServer, type ServerResponse} from 'node:http'
import {expect, test} from 'vitest'
import {WebSocket, WebSocketServer} from 'ws'
import {createQueueProxy} from '../../../../src/knative/queue-proxy/queue-proxy.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'
import {listen, onCleanup, type RawConnection, rawConnect, serve} from '../../http/wire.ts'
import {until} from '../../../support/until.ts'

const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
/** Of a queue-proxy with one slot. */
const PLACES = 10

/** A container that echoes on WebSockets and answers everything else when it is told to. */
async function startProxy(env: Record<string, string> = {}) {
  const waiting: ServerResponse[] = []
  const server = createServer((_request, response) => waiting.push(response))
  const sockets = new WebSocketServer({server})
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
  onCleanup(() => sockets.close())
  onCleanup(() => server.closeAllConnections())
  const clock = new FakeClock()
  const proxy = createQueueProxy({
    clock,
    upstream: {kind: 'tcp', host: '127.0.0.1', port: await listen(server), protocol: 'http1'},
    env: {
      CONTAINER_CONCURRENCY: '1',
      USER_PORT: '8080',
      REVISION_TIMEOUT_SECONDS: '300',
      ...env,
    },
  })
  onCleanup(() => proxy.close())
  const {port} = await serve(proxy.handler)
  return {port, clock, proxy, waiting}
}

test('a WebSocket keeps its slot until it is closed', async () => {
  const {port, proxy, waiting} = await startProxy()
  const socket = await openSocket(port)
  const next = await rawConnect(port, GET)
  await until(() => proxy.active === 2)
  expect(await echo(socket)).toBe('hello')
  expect(waiting).toEqual([])
  socket.close()
  await until(() => waiting.length === 1)
  waiting[0]?.end('served')
  expect(await next.until('served')).toContain('200 OK')
})

test('a WebSocket is refused where the line is full, and one that leaves it makes room', async () => {
  const {port, proxy} = await startProxy()
  const running = await openSocket(port)
  const line: RawConnection[] = []
  for (let place = 0; place < PLACES; place++) line.push(await rawConnect(port, GET))
  await until(() => proxy.active === 1 + PLACES)
  const refused = await rawConnect(port, UPGRADE)
  expect(await refused.until('pending request queue full')).toMatch(/^HTTP\/1\.1 503 /)
  await refused.closed

  line[3]?.socket.destroy()
  await until(() => proxy.active === PLACES)
  const admitted = openSocket(port)
  await until(() => proxy.active === 1 + PLACES)
  for (const {socket} of line) socket.destroy()
  running.close()
  expect(await echo(await admitted)).toBe('hello')
})

test.each([
  ['timeoutSeconds', {}, 300_000],
  ['responseStartTimeoutSeconds', {REVISION_RESPONSE_START_TIMEOUT_SECONDS: '60'}, 60_000],
  ['idleTimeoutSeconds', {REVISION_IDLE_TIMEOUT_SECONDS: '30'}, 30_000],
])('a WebSocket is cut after %s, busy or not, as upstream', async (_name, env, limitMs) => {
  const {port, clock, proxy} = await startProxy(env)
  const socket = await openSocket(port)
  const closed = new Promise((resolve) => socket.on('close', resolve))
  await clock.advance(limitMs - 1)
  expect(await echo(socket)).toBe('hello')
  await clock.advance(1)
  // The code of a connection that was closed without a word.
  expect(await closed).toBe(1006)
  await until(() => proxy.active === 0)
})

function openSocket(port: number): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
    onCleanup(() => socket.terminate())
    socket.on('open', () => resolve(socket))
    socket.on('error', reject)
  })
}

function echo(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => resolve(data.toString()))
    socket.send('hello')
  })
}
