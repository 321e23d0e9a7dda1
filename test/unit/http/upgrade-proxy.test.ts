import {createServer} from 'node:net'
import {expect, test} from 'vitest'
import {WebSocket, WebSocketServer} from 'ws'
import {gate, listen, onCleanup, proxyToHttp1, rawConnect, refusedPort, startHttp1} from './wire.ts'

async function echoServer(): Promise<number> {
  const {port, server} = await startHttp1((_request, response) => {
    response.writeHead(426).end('upgrade needed')
  })
  const sockets = new WebSocketServer({server, path: '/echo'})
  sockets.on('connection', (socket, request) => {
    socket.on('message', (data, isBinary) => socket.send(data, {binary: isBinary}))
    socket.send(`hello ${String(request.headers['x-who'])}`)
  })
  onCleanup(() => sockets.close())
  return port
}

test('carries a WebSocket both ways, text and binary', async () => {
  const {port} = await proxyToHttp1(await echoServer())
  const socket = new WebSocket(`ws://127.0.0.1:${port}/echo`, {headers: {'x-who': 'me'}})
  const messages: string[] = []
  const big = gate<number>()
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) big.resolve(data.length)
    else messages.push(data.toString())
  })
  await new Promise((resolve) => socket.on('open', resolve))
  socket.send('one')
  socket.send(Buffer.alloc(3_000_000))
  expect(await big.promise).toBe(3_000_000)
  expect(messages).toEqual(['hello me', 'one'])
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  socket.close(4001)
  expect(await closed).toBe(4001)
})

test('passes on the answer of a server that refuses to upgrade', async () => {
  const {port} = await proxyToHttp1(await echoServer())
  const client = await rawConnect(
    port,
    'GET /other HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  await client.closed
  expect(client.text()).toMatch(/^HTTP\/1\.1 4\d\d /)
})

test('answers an upgrade with 502 when nobody listens', async () => {
  const {port} = await proxyToHttp1(await refusedPort())
  const client = await rawConnect(
    port,
    'GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  await client.closed
  expect(client.text()).toMatch(/^HTTP\/1\.1 502 /)
  expect(client.text()).toContain('connection refused')
})

test('passes what follows the upgrade in the same packet, and one closed direction', async () => {
  const got = gate<string>()
  const upstream = createServer({allowHalfOpen: true}, (socket) => {
    let text = ''
    socket.once('data', () => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\nhi',
      )
      socket.on('data', (chunk) => (text += chunk.toString()))
      socket.on('end', () => {
        got.resolve(text)
        socket.end('bye')
      })
    })
  })
  const {port} = await proxyToHttp1(await listen(upstream))
  const client = await rawConnect(
    port,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n',
  )
  await client.until('hi')
  client.socket.end('last words')
  expect(await got.promise).toBe('last words')
  await client.closed
  expect(client.text()).toMatch(/hibye$/)
})

test('cuts the upstream when the client of a tunnel vanishes', async () => {
  const cut = gate()
  const upstream = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('close', () => cut.resolve())
    socket.once('data', () => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n',
      )
    })
  })
  const {port, exchanges} = await proxyToHttp1(await listen(upstream))
  const client = await rawConnect(
    port,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n',
  )
  await client.until('101')
  client.socket.resetAndDestroy()
  await cut.promise
  expect(exchanges[0]?.status).toBe(101)
})

test('answers a request that offers h2c as if it had not', async () => {
  const {port: upstream} = await startHttp1((request, response) => {
    request.pipe(response)
  })
  const {port} = await proxyToHttp1(upstream)
  const client = await rawConnect(
    port,
    'POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n' +
      'HTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 4\r\n\r\nbody',
  )
  expect(await client.until('body')).toContain('200 OK')
})
