import {type ClientHttp2Session, type ClientHttp2Stream, connect, constants} from 'node:http2'
import {describe, expect, test} from 'vitest'
import {gate, onCleanup, proxyTo, proxyToHttp1, refusedPort, startH2c, startHttp1} from './wire.ts'
import {settle} from '../../../src/util/fake-clock.ts'
import {until} from '../../support/until.ts'

function proxyToH2c(port: number): ReturnType<typeof proxyTo> {
  return proxyTo({kind: 'tcp', host: '127.0.0.1', port, protocol: 'h2c'})
}

function session(port: number): ClientHttp2Session {
  const client = connect(`http://127.0.0.1:${port}`)
  client.on('error', () => {})
  onCleanup(() => client.destroy())
  return client
}

interface Answer {
  readonly headers: Record<string, unknown>
  readonly trailers: Record<string, unknown>
  readonly text: string
}

async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let headers = {}
  let trailers = {}
  let text = ''
  stream.on('response', (got) => (headers = got))
  stream.on('trailers', (got) => (trailers = got))
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await new Promise((resolve, reject) => {
    stream.on('error', reject)
    stream.on('close', resolve)
  })
  return {headers: {...headers}, trailers: {...trailers}, text}
}

describe('HTTP/2 without TLS', () => {
  test('carries a gRPC call: fields, both bodies at once, trailers', async () => {
    const {port: upstream} = await startH2c((stream, headers) => {
      stream.respond(
        {':status': 200, 'content-type': 'application/grpc', 'x-te': String(headers['te'])},
        {waitForTrailers: true},
      )
      stream.on('wantTrailers', () =>
        stream.sendTrailers({'grpc-status': '0', 'grpc-message': 'ok'}),
      )
      stream.on('data', (chunk: Buffer) => stream.write(`<${chunk.toString()}>`))
      stream.on('end', () => stream.end())
    })
    const {port} = await proxyToH2c(upstream)
    const stream = session(port).request({
      ':method': 'POST',
      ':path': '/pkg.Service/Method',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    const first = gate()
    stream.once('data', () => first.resolve())
    const answer = answerOf(stream)
    stream.write('one')
    await first.promise
    stream.end('two')
    const {headers, trailers, text} = await answer
    expect(headers).toMatchObject({':status': 200, 'x-te': 'trailers'})
    expect(text).toBe('<one><two>')
    expect(trailers).toMatchObject({'grpc-status': '0', 'grpc-message': 'ok'})
  })

  test('passes on an answer that is a head only, as gRPC errors are', async () => {
    const {port: upstream} = await startH2c((stream) => {
      stream.respond({':status': 200, 'grpc-status': '12'}, {endStream: true})
    })
    const {port} = await proxyToH2c(upstream)
    const {headers, text} = await answerOf(session(port).request({':method': 'POST'}))
    expect(headers).toMatchObject({':status': 200, 'grpc-status': '12'})
    expect(text).toBe('')
  })

  test('cancels the upstream stream when the client cancels its own', async () => {
    const cancelled = gate<number>()
    const {port: upstream} = await startH2c((stream) => {
      stream.respond({':status': 200})
      stream.write('begun')
      stream.on('error', () => {})
      stream.on('close', () => cancelled.resolve(stream.rstCode))
    })
    const {port} = await proxyToH2c(upstream)
    const stream = session(port).request({':path': '/'})
    stream.on('error', () => {})
    await new Promise((resolve) => stream.once('data', resolve))
    stream.close(constants.NGHTTP2_CANCEL)
    expect(await cancelled.promise).toBe(constants.NGHTTP2_CANCEL)
  })

  test('resets the client when the upstream resets in the middle', async () => {
    const {port: upstream} = await startH2c((stream) => {
      stream.respond({':status': 200})
      stream.on('error', () => {})
      stream.write('begun', () => stream.destroy(new Error('broken')))
    })
    const {port} = await proxyToH2c(upstream)
    await expect(answerOf(session(port).request({':path': '/'}))).rejects.toThrow(/INTERNAL_ERROR/)
  })

  test('resets the upstream when the client breaks off its upload', async () => {
    const reset = gate<{code: number; ended: boolean}>()
    const got = gate()
    const {port: upstream} = await startH2c((stream) => {
      let ended = false
      stream.on('data', () => got.resolve())
      stream.on('end', () => (ended = stream.rstCode === 0))
      stream.on('error', () => {})
      stream.on('close', () => reset.resolve({code: stream.rstCode, ended}))
    })
    const {port} = await proxyToH2c(upstream)
    const stream = session(port).request({':method': 'POST', ':path': '/'})
    stream.on('error', () => {})
    stream.write('half')
    await got.promise
    stream.destroy(new Error('changed my mind'))
    expect(await reset.promise).toEqual({code: constants.NGHTTP2_CANCEL, ended: false})
  })

  test('serves more calls at once than one connection takes', async () => {
    let open = 0
    const all = gate()
    const {port: upstream} = await startH2c((stream) => {
      if (++open === 250) all.resolve()
      void all.promise.then(() => {
        stream.respond({':status': 200})
        stream.end('ok')
      })
    })
    const {port} = await proxyToH2c(upstream)
    const clients = [session(port), session(port), session(port)]
    const calls = Array.from({length: 250}, (_, at) =>
      answerOf(clients[at % clients.length]?.request({':path': '/'}) as ClientHttp2Stream),
    )
    const answers = await Promise.all(calls)
    expect(new Set(answers.map(({text}) => text))).toEqual(new Set(['ok']))
  })

  test('opens a new connection after the server has gone away', async () => {
    let connections = 0
    const {port: upstream, server} = await startH2c((stream) => {
      const {session: connection} = stream
      stream.on('close', () => connection?.close())
      stream.respond({':status': 200})
      stream.end('ok')
    })
    let closed = 0
    server.on('session', (connection) => {
      connections++
      connection.once('close', () => closed++)
    })
    const {port} = await proxyToH2c(upstream)
    const client = session(port)
    expect((await answerOf(client.request({':path': '/'}))).text).toBe('ok')
    await until(() => closed === 1)
    // What the server said last is there; the proxy has to read it.
    await settle()
    expect((await answerOf(client.request({':path': '/'}))).text).toBe('ok')
    expect(connections).toBe(2)
  })

  test('serves HTTP/1 clients from an HTTP/2 server', async () => {
    const {port: upstream} = await startH2c((stream, headers) => {
      stream.respond({':status': 200, 'x-authority': String(headers[':authority'])})
      stream.pipe(stream)
    })
    const {port} = await proxyToH2c(upstream)
    const response = await fetch(`http://127.0.0.1:${port}/`, {method: 'POST', body: 'echo'})
    expect(await response.text()).toBe('echo')
    expect(response.headers.get('x-authority')).toBe(`127.0.0.1:${port}`)
  })

  test('serves HTTP/2 clients from an HTTP/1 server', async () => {
    const {port: upstream} = await startHttp1((request, response) => {
      response.setHeader('x-cookie', request.headers.cookie ?? '')
      response.setHeader('connection', 'close')
      request.pipe(response)
    })
    const {port} = await proxyToHttp1(upstream)
    const stream = session(port).request({
      ':method': 'POST',
      ':path': '/',
      cookie: ['a=1', 'b=2'],
    } as Record<string, string | string[]>)
    const answer = answerOf(stream)
    stream.end('echo')
    const {headers, text} = await answer
    expect(text).toBe('echo')
    expect(headers).toMatchObject({':status': 200, 'x-cookie': 'a=1; b=2'})
    expect(headers).not.toHaveProperty('connection')
  })

  test('says that the upstream refused', async () => {
    const {port, failures} = await proxyToH2c(await refusedPort())
    const {headers, text} = await answerOf(session(port).request({':path': '/'}))
    expect(headers).toMatchObject({':status': 502})
    expect(text).toContain('connection refused')
    expect(failures).toMatchObject([{failure: 'refused'}])
  })

  test('answers HEAD without a body', async () => {
    const {port: upstream} = await startHttp1((_request, response) => {
      response.writeHead(200, {'content-length': '77'}).end()
    })
    const {port} = await proxyToHttp1(upstream)
    const {headers, text} = await answerOf(session(port).request({':method': 'HEAD', ':path': '/'}))
    expect(headers).toMatchObject({':status': 200, 'content-length': '77'})
    expect(text).toBe('')
  })
})
