import {describe, expect, test} from 'vitest'
import {HeaderFields} from '../../../src/http/header-fields.ts'
import {HttpServer} from '../../../src/http/server.ts'
import {SystemClock} from '../../../src/util/clock.ts'
import {gate, onCleanup, rawConnect, serve} from './wire.ts'

describe('the server of the data plane', () => {
  test('recognises HTTP/2 even when its preface comes in pieces', async () => {
    const {port} = await serve(async (exchange) => exchange.respond(200, exchange.protocol))
    const client = await rawConnect(port, 'PRI * HT')
    await client.arrived()
    client.socket.write('TP/2.0\r\n\r\nSM\r\n\r\n')
    // An empty SETTINGS frame completes the client's side of the handshake.
    client.socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]))
    // The server's first frame is its SETTINGS: type 4 at offset 3.
    expect((await client.until('\u0004')).charCodeAt(3)).toBe(4)
  })

  test('serves HTTP/1 whose first line comes in pieces', async () => {
    const {port} = await serve(async (exchange) => exchange.respond(200, exchange.path))
    const client = await rawConnect(port, 'P')
    await client.arrived()
    client.socket.write('OST /piece')
    await client.arrived()
    client.socket.write('s HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.until('/pieces')).toContain('200 OK')
  })

  test.each([
    ['no HTTP at all', 'rubbish\r\n\r\n', '400 Bad Request'],
    ['two lengths', 'GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', '400'],
    [
      'a length and chunks, as request smuggling does',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['fields that are too long', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, '431'],
  ])('refuses %s and closes the connection', async (_what, bytes, status) => {
    const {port, exchanges} = await serve(async (exchange) => exchange.respond(200))
    const client = await rawConnect(port, bytes)
    await client.closed
    expect(client.text()).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`))
    expect(exchanges).toEqual([])
  })

  test('answers 500 for a handler that fails, and for one that does not answer', async () => {
    const {port, errors} = await serve(async (exchange) => {
      if (exchange.path === '/throws') throw new Error('broken')
    })
    expect((await fetch(`http://127.0.0.1:${port}/throws`)).status).toBe(500)
    expect((await fetch(`http://127.0.0.1:${port}/silent`)).status).toBe(500)
    expect(errors).toMatchObject([{message: 'broken'}])
  })

  test('cuts the response of a handler that fails in the middle', async () => {
    const {port} = await serve(async (exchange) => {
      exchange.start(200, new HeaderFields())
      exchange.write(Buffer.from('half'))
      throw new Error('broken')
    })
    const response = await fetch(`http://127.0.0.1:${port}/`)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  test('reads the target of a request in absolute form', async () => {
    const {port} = await serve(async ({host, path}) => {
      seen.resolve({host, path})
    })
    const seen = gate<{host: string; path: string}>()
    await rawConnect(port, 'GET http://other.example:81/a?b HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await seen.promise).toEqual({host: 'other.example:81', path: '/a?b'})
  })

  test('lets requests under way finish before it closes, and takes no new ones', async () => {
    const begun = gate()
    const finish = gate()
    const {port, server} = await serve(async (exchange) => {
      begun.resolve()
      await finish.promise
      exchange.respond(200, 'finished')
    })
    const answer = fetch(`http://127.0.0.1:${port}/`).then((response) => response.text())
    await begun.promise
    const closed = server.close(5000)
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
    finish.resolve()
    expect(await answer).toBe('finished')
    await closed
    expect(server.active).toBe(0)
  })

  test('cuts what takes longer than the grace', async () => {
    const begun = gate()
    const {port, server, exchanges} = await serve((exchange) => {
      begun.resolve()
      return new Promise((resolve) => exchange.onAbort(() => resolve()))
    })
    const answer = fetch(`http://127.0.0.1:${port}/`)
    await begun.promise
    await server.close(0)
    await expect(answer).rejects.toThrow('fetch failed')
    expect(exchanges[0]?.aborted).toBe(true)
  })

  test('does not wait for ever for a client that is too slow with its head', async () => {
    const server = new HttpServer({
      clock: new SystemClock(),
      handler: async (exchange) => exchange.respond(200),
      headTimeoutMs: 100,
    })
    const port = await server.listen(0)
    onCleanup(() => server.close())
    const [silent, slow] = [await rawConnect(port), await rawConnect(port, 'GET / HTTP/1.1\r\nX')]
    await Promise.all([silent.closed, slow.closed])
    expect(silent.text()).toBe('')
    expect(slow.text()).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('rejects when the port is taken', async () => {
    const {port} = await serve(async (exchange) => exchange.respond(200))
    const second = new HttpServer({clock: new SystemClock(), handler: async () => {}})
    await expect(second.listen(port)).rejects.toMatchObject({code: 'EADDRINUSE'})
  })
})

describe('a request that nobody may guess the meaning of', () => {
  test.each([
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    [
      'a coding of the transfer',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      501,
    ],
  ])('is refused for %s', async (_what, request, status) => {
    const {port, exchanges} = await serve(async (exchange) => exchange.respond(200))
    const client = await rawConnect(port, request)
    expect(await client.until('\r\n\r\n')).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(exchanges).toEqual([])
  })
})

test('CONNECT is answered by the handler, which sees the authority as the path', async () => {
  const {port, exchanges} = await serve(async (exchange) => exchange.respond(404))
  const client = await rawConnect(port, 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n')
  await client.closed
  expect(client.text()).toMatch(/^HTTP\/1\.1 404 /)
  expect(exchanges[0]).toMatchObject({method: 'CONNECT', path: 'a.example:443'})
})

test('a request with a body is served by the protocol it came by', async () => {
  const {port} = await serve(async (exchange) => {
    let text = ''
    for await (const chunk of exchange.body ?? []) text += String(chunk)
    exchange.respond(200, `${exchange.upgrade ?? 'none'} ${text}`)
  })
  const client = await rawConnect(
    port,
    'POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Content-Length: 4\r\n\r\nbody',
  )
  expect(await client.until('body')).toContain('none body')
})
