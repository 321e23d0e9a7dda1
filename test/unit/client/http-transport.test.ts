import {createServer, type RequestListener} from 'node:http'
import {createServer as createHttpsServer} from 'node:https'
import {type AddressInfo, createServer as createTcpServer, type Socket} from 'node:net'
import {generate} from 'selfsigned'
import {afterEach, describe, expect, test} from 'vitest'
import type {WatchEvent} from '../../../src/api/meta/object.ts'
import {HttpTransport} from '../../../src/client/http-transport.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(
  listener: RequestListener,
  tls?: {key: string; cert: string},
): Promise<string> {
  const server = tls ? createHttpsServer(tls, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const {port} = server.address() as AddressInfo
  return `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
}

function connect(options: ConstructorParameters<typeof HttpTransport>[0]): HttpTransport {
  const transport = new HttpTransport(options)
  closers.push(() => transport.close())
  return transport
}

async function makeCertificate(name = 'server'): Promise<{key: string; cert: string}> {
  const pems = await generate([{name: 'commonName', value: name}], {
    keyType: 'ec',
    extensions: [
      {name: 'basicConstraints', cA: true},
      {name: 'subjectAltName', altNames: [{type: 7, ip: '127.0.0.1'}]},
    ],
  })
  return {key: pems.private, cert: pems.cert}
}

/** A server that takes connections and never says anything. */
async function serveSilence(): Promise<{url: string; connection: Promise<Socket>}> {
  const {promise, resolve} = Promise.withResolvers<Socket>()
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.resume()
    resolve(socket)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  closers.push(() => server.close())
  const {port} = server.address() as AddressInfo
  return {url: `https://127.0.0.1:${port}`, connection: promise}
}

const GET = {method: 'GET', path: '/version'} as const

describe('HttpTransport', () => {
  test('sends method, path, query, headers and body', async () => {
    const server = await serve((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', () => {
        response.setHeader('content-type', 'application/json')
        response.end(
          JSON.stringify({
            method: request.method,
            url: request.url,
            headers: request.headers,
            body,
          }),
        )
      })
    })
    const transport = connect({
      server: `${server}/prefix/`,
      security: {headers: {authorization: 'Bearer t', 'impersonate-group': ['a', 'b']}},
      userAgent: 'kntool/1',
    })
    const response = await transport.send({
      method: 'PATCH',
      path: '/api/v1/pods',
      query: {fieldSelector: 'a=b c', force: undefined, dryRun: ['All']},
      headers: {'content-type': 'application/merge-patch+json'},
      body: {spec: {}},
    })
    expect(response.body).toMatchObject({
      value: {
        method: 'PATCH',
        url: '/prefix/api/v1/pods?fieldSelector=a%3Db%20c&dryRun=All',
        body: '{"spec":{}}',
        headers: {
          authorization: 'Bearer t',
          'impersonate-group': 'a, b',
          'user-agent': 'kntool/1',
          'content-type': 'application/merge-patch+json',
        },
      },
    })
  })

  test('answers a failure status as an answer, with the warnings', async () => {
    const server = await serve((_, response) => {
      response.statusCode = 404
      response.setHeader('content-type', 'application/json')
      response.setHeader('warning', ['299 - "one \\"two\\""', '299 - "three"'])
      response.end('{"kind":"Status"}')
    })
    const response = await connect({server}).send(GET)
    expect(response).toMatchObject({status: 404, warnings: ['one "two"', 'three']})
  })

  test('gives watch events as they come, whatever pieces they come in', async () => {
    const event = (name: string): string =>
      `${JSON.stringify({type: 'ADDED', object: {metadata: {name}}})}\n`
    const text = event('eins') + event('zwölf') + event('drei')
    const server = await serve((_, response) => {
      response.writeHead(200, {'content-type': 'application/json'})
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7))
      response.end('{"type":"ADDED","obj')
    })
    const response = await connect({server}).send({...GET, query: {watch: 'true'}})
    const names: string[] = []
    if (response.body.kind !== 'watch') throw new Error('not a watch')
    for await (const {object} of response.body.events as AsyncIterable<WatchEvent<Named>>) {
      names.push((object as Named).metadata.name)
    }
    expect(names).toEqual(['eins', 'zwölf', 'drei'])
  })

  test('ends a watch without an error when the connection breaks', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, {'content-type': 'application/json'})
      response.write('{"type":"ADDED","object":{}}\n', () => response.socket?.destroy())
    })
    const response = await connect({server}).send({...GET, query: {watch: 'true'}})
    if (response.body.kind !== 'watch') throw new Error('not a watch')
    const types: string[] = []
    for await (const {type} of response.body.events) types.push(type)
    expect(types).toEqual(['ADDED'])
  })

  test.each([
    ['a text as bytes', 'text/plain', 'ok', 'bytes'],
    ['a document as JSON', 'application/json; charset=utf-8', '{}', 'json'],
  ])('gives %s', async (_, type, text, kind) => {
    const server = await serve((__, response) => {
      response.setHeader('content-type', type)
      response.end(text)
    })
    expect((await connect({server}).send(GET)).body.kind).toBe(kind)
  })

  test('says that nobody is there', async () => {
    const server = await serve(() => undefined)
    closers.pop()?.()
    const failure = connect({server}).send(GET)
    await expect(failure).rejects.toMatchObject({
      code: 'KN_UNREACHABLE',
      message: expect.stringContaining('nothing listens there'),
    })
  })

  test.each(['not a url', 'ftp://x'])('refuses the address %s', (server) => {
    expect(() => connect({server})).toThrow('is not the address of an API server')
  })
})

describe('HttpTransport over TLS', () => {
  const answer: RequestListener = (_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  }

  test('accepts the very certificate of the kubeconfig', async () => {
    const certificate = await makeCertificate()
    const server = await serve(answer, certificate)
    const transport = connect({server, security: {ca: certificate.cert, headers: {}}})
    await expect(transport.send(GET)).resolves.toMatchObject({status: 200})
  })

  test('tells another certificate nothing', async () => {
    let asked = 0
    const server = await serve(
      (...exchange) => {
        asked += 1
        answer(...exchange)
      },
      await makeCertificate('impostor'),
    )
    const known = await makeCertificate('known')
    const security = {ca: known.cert, headers: {authorization: 'Bearer secret'}}
    const failure = connect({server, security}).send(GET)
    await expect(failure).rejects.toMatchObject({
      code: 'KN_UNREACHABLE',
      message: expect.stringContaining('not signed by the authority'),
    })
    expect(asked).toBe(0)
  })

  test('accepts any certificate only when it is told to', async () => {
    const server = await serve(answer, await makeCertificate())
    const careless = connect({server, security: {rejectUnauthorized: false, headers: {}}})
    await expect(careless.send(GET)).resolves.toMatchObject({status: 200})
    const careful = connect({server})
    await expect(careful.send(GET)).rejects.toMatchObject({code: 'KN_UNREACHABLE'})
  })
})

interface Named {
  metadata: {name: string}
}

describe('a server that never answers', () => {
  test('is left alone when the transport is closed, even in the middle of a handshake', async () => {
    const {url, connection} = await serveSilence()
    const {cert} = await makeCertificate()
    const transport = connect({server: url, security: {headers: {}, ca: cert}})
    void transport.send(GET).catch(() => undefined)
    const socket = await connection
    const closed = new Promise((resolve) => socket.on('close', resolve))
    transport.close()
    await closed
    expect(socket.destroyed).toBe(true)
  })

  test('is not waited for when the user interrupts', async () => {
    const {url, connection} = await serveSilence()
    const {cert} = await makeCertificate()
    const user = new AbortController()
    const security = {headers: {}, ca: cert}
    const transport = connect({server: url, security, interruption: user.signal})
    const sent = transport.send(GET)
    await connection
    user.abort()
    await expect(sent).rejects.toMatchObject({code: 'KN_UNREACHABLE'})
  })
})

test('requests after an interruption are sent, so that there is a way to clean up', async () => {
  const server = await serve((_, response) => response.end('here'))
  const transport = connect({server, interruption: AbortSignal.abort()})
  expect(await transport.send(GET)).toMatchObject({status: 200})
})
