import {request as httpRequest} from 'node:http'
import {connect} from 'node:net'
import {Readable} from 'node:stream'
import {describe, expect, test} from 'vitest'
import {gate, proxyToHttp1, rawConnect, refusedPort, startHttp1} from './wire.ts'

describe('an HTTP/1 proxy', () => {
  test('passes method, path, host, fields and body on, and status, fields and body back', async () => {
    const seen = gate<{method?: string; url?: string; headers: NodeJS.Dict<string | string[]>}>()
    const {port: upstream} = await startHttp1((request, response) => {
      seen.resolve({
        ...(request.method !== undefined && {method: request.method}),
        ...(request.url !== undefined && {url: request.url}),
        headers: request.headers,
      })
      response.writeHead(201, [
        ['x-answer', '42'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ] as unknown as string[])
      request.pipe(response)
    })
    const {port} = await proxyToHttp1(upstream)
    const response = await fetch(`http://127.0.0.1:${port}/a/b?c=d%20e`, {
      method: 'PUT',
      body: 'hello',
      headers: {'x-custom': 'kept', host: 'ignored.example'},
    })
    expect(response.status).toBe(201)
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.get('x-answer')).toBe('42')
    expect(await response.text()).toBe('hello')
    const request = await seen.promise
    expect(request).toMatchObject({method: 'PUT', url: '/a/b?c=d%20e'})
    expect(request.headers).toMatchObject({'x-custom': 'kept', 'content-length': '5'})
    expect(request.headers['host']).toMatch(/^127\.0\.0\.1:/)
  })

  test('takes out the fields of one connection, and those that connection lists', async () => {
    const seen = gate<string[]>()
    const {port: upstream} = await startHttp1((request, response) => {
      seen.resolve(Object.keys(request.headers))
      response.writeHead(200, {connection: 'close, x-secret', 'x-secret': '1', 'x-public': '2'})
      response.end()
    })
    const {port} = await proxyToHttp1(upstream)
    const client = await rawConnect(
      port,
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\n' +
        'Keep-Alive: timeout=1\r\nProxy-Connection: x\r\nTE: trailers, gzip\r\nX-Yours: 2\r\n\r\n',
    )
    const text = await client.until('\r\n\r\n')
    expect(await seen.promise).toEqual(['host', 'connection', 'te', 'x-yours'])
    expect(text).toContain('x-public: 2')
    expect(text).not.toContain('x-secret')
  })

  test('streams both ways at the same time', async () => {
    const {port: upstream} = await startHttp1((request, response) => {
      response.writeHead(200)
      request.on('data', (chunk: Buffer) => response.write(`<${chunk.toString()}>`))
      request.on('end', () => response.end('done'))
    })
    const {port} = await proxyToHttp1(upstream)
    const client = await rawConnect(
      port,
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n',
    )
    expect(await client.until('<one>')).not.toContain('done')
    client.socket.write('3\r\ntwo\r\n')
    expect(await client.until('<two>')).not.toContain('done')
    client.socket.write('0\r\n\r\n')
    expect(await client.until('done')).toContain('200 OK')
  })

  test('passes a large body unchanged, chunked or with a length', async () => {
    const {port: upstream} = await startHttp1((request, response) => {
      const length = request.headers['content-length']
      response.writeHead(200, length === undefined ? {} : {'content-length': length})
      request.pipe(response)
    })
    const {port} = await proxyToHttp1(upstream)
    const body = Buffer.alloc(5_000_003, 'abcdefg')
    const sized = await fetch(`http://127.0.0.1:${port}/`, {method: 'POST', body})
    expect(Buffer.from(await sized.arrayBuffer()).equals(body)).toBe(true)
    const chunked = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: Readable.toWeb(
        Readable.from([body.subarray(0, 7), body.subarray(7)]),
      ) as ReadableStream,
      duplex: 'half',
    } as RequestInit)
    expect(Buffer.from(await chunked.arrayBuffer()).equals(body)).toBe(true)
  })

  test('reads from the upstream no faster than the client reads', async () => {
    let written = 0
    const {port: upstream} = await startHttp1((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024)
      const pump = (): void => {
        for (;;) {
          written += chunk.length
          if (!response.write(chunk)) break
        }
        response.once('drain', pump)
      }
      response.writeHead(200)
      pump()
    })
    const {port} = await proxyToHttp1(upstream)
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await new Promise((resolve) => socket.once('readable', resolve))
    const stalled = await untilSteady(() => written)
    // Buffers of three sockets, and nothing that grows with the body.
    expect(stalled).toBeLessThan(32 * 1024 * 1024)
    const got = new Promise<void>((resolve) => {
      let bytes = 0
      socket.on('data', (chunk) => {
        bytes += chunk.length
        if (bytes > 2 * stalled) resolve()
      })
    })
    await got
    expect(written).toBeGreaterThan(2 * stalled)
    socket.destroy()
  })

  test('tells the upstream when the client goes away', async () => {
    const aborted = gate()
    const started = gate()
    const {port: upstream} = await startHttp1((request, response) => {
      request.on('close', () => aborted.resolve())
      response.write('begun')
      started.resolve()
    })
    const {port, exchanges, failures} = await proxyToHttp1(upstream)
    const client = await rawConnect(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until('begun')
    await started.promise
    client.socket.destroy()
    await aborted.promise
    expect(exchanges[0]?.aborted).toBe(true)
    expect(failures).toEqual([])
  })

  test('tells the upstream when the client breaks off its upload', async () => {
    const aborted = gate()
    const got = gate()
    const {port: upstream} = await startHttp1((request) => {
      request.on('data', () => got.resolve())
      request.on('error', () => aborted.resolve())
      request.on('aborted', () => aborted.resolve())
    })
    const {port, exchanges} = await proxyToHttp1(upstream)
    const client = await rawConnect(
      port,
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\npart',
    )
    await got.promise
    client.socket.destroy()
    await aborted.promise
    expect(exchanges[0]?.aborted).toBe(true)
  })

  test('takes a client that has closed its sending side for one that is gone, as Envoy', async () => {
    const aborted = gate()
    const {port: upstream} = await startHttp1((request) => {
      request.on('close', () => aborted.resolve())
      client.socket.end()
    })
    const {port, exchanges} = await proxyToHttp1(upstream)
    const client = await rawConnect(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await aborted.promise
    await client.closed
    expect(exchanges[0]?.aborted).toBe(true)
  })

  test('says that the upstream refused, and sends nothing twice', async () => {
    const {port, failures} = await proxyToHttp1(await refusedPort())
    const response = await fetch(`http://127.0.0.1:${port}/`, {method: 'POST', body: 'x'})
    expect(response.status).toBe(502)
    expect(await response.text()).toMatch(
      /^dial tcp 127\.0\.0\.1:\d+: connect: connection refused$/,
    )
    expect(failures).toMatchObject([{failure: 'refused'}])
  })

  test('breaks the response off when the upstream dies in the middle', async () => {
    const {port: upstream} = await startHttp1((_request, response) => {
      response.writeHead(200, {'content-length': '100'})
      response.write('some', () => response.destroy())
    })
    const {port, failures} = await proxyToHttp1(upstream)
    const response = await fetch(`http://127.0.0.1:${port}/`)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
    expect(failures).toMatchObject([{failure: 'broken'}])
  })

  test('answers 502 when the upstream dies before it answers, and does not repeat a POST', async () => {
    let requests = 0
    const {port: upstream} = await startHttp1((request) => {
      requests++
      request.socket.destroy()
    })
    const {port} = await proxyToHttp1(upstream)
    const response = await fetch(`http://127.0.0.1:${port}/`, {method: 'POST', body: 'x'})
    expect(response.status).toBe(502)
    expect(requests).toBe(1)
  })

  test('sends a GET again when the kept connection turns out to be closed', async () => {
    let connections = 0
    let requests = 0
    const {port: upstream, server} = await startHttp1((request, response) => {
      requests++
      // The second request on a connection finds it closed, as after an idle time-out.
      if (requests === 2) request.socket.destroy()
      else response.end(`answer ${requests}`)
    })
    server.on('connection', () => connections++)
    const {port} = await proxyToHttp1(upstream)
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('answer 1')
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('answer 3')
    expect(connections).toBe(2)
  })

  test('keeps the length of an answer to HEAD and sends no body', async () => {
    const {port: upstream} = await startHttp1((_request, response) => {
      response.writeHead(200, {'content-length': '1234'})
      response.end()
    })
    const {port} = await proxyToHttp1(upstream)
    const client = await rawConnect(port, 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await client.closed
    expect(client.text()).toContain('content-length: 1234')
    expect(client.text().endsWith('\r\n\r\n')).toBe(true)
  })

  test.each([204, 304])('passes %i on without a body', async (status) => {
    const {port: upstream} = await startHttp1((_request, response) => {
      response.writeHead(status)
      response.end()
    })
    const {port} = await proxyToHttp1(upstream)
    const client = await rawConnect(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await client.closed
    expect(client.text()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(client.text()).not.toContain('transfer-encoding')
    expect(client.text().endsWith('\r\n\r\n')).toBe(true)
  })

  test('passes early hints and trailers on', async () => {
    const {port: upstream} = await startHttp1((_request, response) => {
      response.writeEarlyHints({link: '</style.css>; rel=preload'})
      response.writeHead(200, {trailer: 'x-sum'})
      response.write('body')
      response.addTrailers({'x-sum': '7'})
      response.end()
    })
    const {port} = await proxyToHttp1(upstream)
    const client = await rawConnect(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await client.closed
    expect(client.text()).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nlink: <\/style\.css>/i)
    expect(client.text()).toMatch(/trailer: x-sum/)
    expect(client.text()).toMatch(/0\r\nx-sum: 7\r\n\r\n$/)
  })

  test('lets the upstream decide whether a waiting client may send its body', async () => {
    const {port: upstream, server} = await startHttp1(() => {})
    server.on('checkContinue', (request, response) => {
      if (request.url === '/no') {
        response.writeHead(417).end('no')
        return
      }
      response.writeContinue()
      request.pipe(response)
    })
    const {port} = await proxyToHttp1(upstream)
    const head = (path: string): string =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`
    const accepted = await rawConnect(port, head('/yes'))
    await accepted.until('HTTP/1.1 100 Continue\r\n\r\n')
    accepted.socket.write('body')
    expect(await accepted.until('body')).toContain('HTTP/1.1 200 OK')
    const refused = await rawConnect(port, head('/no'))
    const text = await refused.until('no')
    expect(text).toMatch(/^HTTP\/1\.1 417 /)
    expect(text).not.toContain('100 Continue')
  })

  test('answers while the client still sends, and keeps the connection in step', async () => {
    const {port: upstream} = await startHttp1((request, response) => {
      if (request.url === '/early') response.writeHead(413).end('too large')
      else response.end('next')
    })
    const {port} = await proxyToHttp1(upstream)
    const client = await rawConnect(
      port,
      'POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n',
    )
    await client.until('too large')
    client.socket.write(Buffer.alloc(1_000_000))
    client.socket.write('GET /next HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.until('next')).toContain('200 OK')
  })

  test('serves requests sent ahead of the answers, in their order', async () => {
    const {port: upstream} = await startHttp1((request, response) => {
      const answer = (): void => void response.end(`[${request.url}]`)
      // The first answer would be the last one, if they were not asked for one after another.
      if (request.url === '/1') setImmediate(() => setImmediate(answer))
      else answer()
    })
    const {port} = await proxyToHttp1(upstream)
    const client = await rawConnect(
      port,
      ['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''),
    )
    const text = await client.until('[/3]')
    expect(text.match(/\[[^\]]*\]/g)).toEqual(['[/1]', '[/2]', '[/3]'])
  })

  test('serves clients of HTTP/1.0', async () => {
    const {port: upstream} = await startHttp1((_request, response) => {
      response.write('no length')
      response.end()
    })
    const {port} = await proxyToHttp1(upstream)
    const client = await rawConnect(port, 'GET / HTTP/1.0\r\n\r\n')
    await client.closed
    expect(client.text()).toContain('no length')
    expect(client.text()).not.toContain('transfer-encoding')
  })

  test('ends requests under way when it is closed', async () => {
    const begun = gate()
    const {port: upstream} = await startHttp1(() => begun.resolve())
    const {port, client} = await proxyToHttp1(upstream)
    const failed = new Promise((resolve) => {
      httpRequest({port, host: '127.0.0.1'}, (response) => resolve(response.statusCode)).end()
    })
    await begun.promise
    await client.close()
    expect(await failed).toBe(502)
  })
})

/** Waits until a number has not changed for a while, and returns it. */
async function untilSteady(read: () => number): Promise<number> {
  let before = -1
  for (let same = 0; same < 1000;) {
    await new Promise((resolve) => setImmediate(resolve))
    same = read() === before ? same + 1 : 0
    before = read()
  }
  return before
}
