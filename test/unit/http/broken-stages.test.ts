/** Whatever throws while an exchange is served costs that exchange, and nobody else. */
import {connect as connectHttp2} from 'node:http2'
import {createServer, type Socket} from 'node:net'
import {describe, expect, test} from 'vitest'
import type {Exchange} from '../../../src/http/exchange.ts'
import {HeaderFields} from '../../../src/http/header-fields.ts'
import {openUpstream} from '../../../src/http/open-upstream.ts'
import {HttpServer} from '../../../src/http/server.ts'
import {SystemClock} from '../../../src/util/clock.ts'
import {listen, onCleanup, rawConnect, startH2c, startHttp1} from './wire.ts'

const BROKEN = new Error('a mistake of ours')

function fail(): never {
  throw BROKEN
}

/** Ways for an exchange to meet a mistake: on itself, before or while it is forwarded. */
const STAGES: Readonly<
  Record<string, (exchange: Exchange, forward: () => Promise<void>) => Promise<void>>
> = {
  'the handler throws at once': () => fail(),
  'the handler rejects': async () => fail(),
  'a hook on the head throws': (exchange, forward) => {
    exchange.beforeHead(fail)
    return forward()
  },
  'a hook on the progress throws': (exchange, forward) => {
    exchange.onProgress(fail)
    return forward()
  },
  'a hook on the abort throws': async (exchange) => {
    exchange.onAbort(fail)
    exchange.abort(new Error('enough'))
  },
  'a hook makes a head that cannot be written': (exchange, forward) => {
    exchange.beforeHead(({headers}) => headers.set('x', 'a\r\nb'))
    return forward()
  },
  'a hook makes a name that cannot be written': (exchange, forward) => {
    exchange.beforeHead(({headers}) => headers.set('x y', 'a'))
    return forward()
  },
  'a hook makes a status that cannot be written': (exchange, forward) => {
    exchange.beforeHead((head) => {
      head.status = 1000
    })
    return forward()
  },
  'a head is begun that cannot be written': async (exchange) => {
    exchange.start(42, new HeaderFields())
  },
  'a callback of the drain throws': async (exchange) => {
    exchange.start(200, new HeaderFields())
    const isTaken = exchange.write(Buffer.alloc(8_000_000))
    expect(isTaken).toBe(false)
    await new Promise<void>((resolve) => {
      exchange.onAbort(() => resolve())
      exchange.onDrain(fail)
    })
  },
  'trailers follow that cannot be written': async (exchange) => {
    exchange.start(200, new HeaderFields())
    exchange.write(Buffer.from('x'))
    exchange.end(new HeaderFields(['x', 'a\nb']))
  },
  'the body is shorter than it was said to be': async (exchange) => {
    exchange.start(200, new HeaderFields(['content-length', '5']))
    exchange.write(Buffer.from('x'))
    exchange.end()
  },
  'the body is longer than it was said to be': async (exchange) => {
    exchange.start(200, new HeaderFields(['content-length', '1']))
    exchange.write(Buffer.from('xx'))
    exchange.end()
  },
  'the request cannot be written': (exchange, forward) => {
    exchange.headers.set('x', 'a\r\nb')
    return forward()
  },
  'the path cannot be written': (exchange, forward) => {
    exchange.path = '/ HTTP/1.1\r\n\r\n'
    return forward()
  },
}

interface World {
  readonly port: number
  readonly errors: unknown[]
}

/** A server whose exchanges for `/broken` meet the stage, and whose others are forwarded. */
async function startBroken(
  stage: string,
  protocol: 'http1' | 'h2c',
  upstream: number,
): Promise<World> {
  const client = openUpstream({kind: 'tcp', host: '127.0.0.1', port: upstream, protocol})
  onCleanup(() => client.close())
  const errors: unknown[] = []
  const server = new HttpServer({
    clock: new SystemClock(),
    handler(exchange) {
      const forward = (): Promise<void> => client.forward(exchange)
      return exchange.path === '/broken' ? (STAGES[stage] ?? fail)(exchange, forward) : forward()
    },
    onError: (error) => errors.push(error),
  })
  onCleanup(() => server.close())
  return {port: await server.listen(0), errors}
}

async function upstreamOf(protocol: 'http1' | 'h2c'): Promise<number> {
  if (protocol === 'http1') {
    const {port} = await startHttp1((request, response) => {
      request.resume()
      answerInTurn(request.url, () => response.end('served'))
    })
    return port
  }
  const {port} = await startH2c((stream, headers) => {
    stream.on('error', () => {})
    answerInTurn(headers[':path'], () => {
      if (stream.destroyed) return
      stream.respond({':status': 200})
      stream.end('served')
    })
  })
  return port
}

/** Neighbours are under way while the stage is met: they are answered when it is over. */
let underWay: (() => void)[] | undefined

function answerInTurn(path: unknown, answer: () => void): void {
  if (path === '/broken' || underWay === undefined) answer()
  else underWay.push(answer)
}

function answerNeighbours(): void {
  const answers = underWay ?? []
  underWay = undefined
  for (const answer of answers) answer()
}

describe.each(['http1', 'h2c'] as const)('in front of a server of %s', (protocol) => {
  test.each(Object.keys(STAGES))('neighbours are served when %s', async (stage) => {
    underWay = []
    const {port, errors} = await startBroken(stage, protocol, await upstreamOf(protocol))
    const before = await rawConnect(port, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n')
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    onCleanup(() => session.destroy())
    const neighbour = answerOf(session.request({':path': '/2'}))
    const broken = await rawConnect(
      port,
      'GET /broken HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    )
    const brokenStream = answerOf(session.request({':path': '/broken'}))
    await broken.closed
    expect(await brokenStream).not.toMatch(/^200 served$/)
    expect(broken.text()).not.toMatch(
      /^HTTP\/1\.1 200[^]*\r\n\r\n(?:6\r\n)?served(?:\r\n0\r\n\r\n)?$/,
    )
    answerNeighbours()
    expect(await before.until('served')).toContain('200 OK')
    expect(await neighbour).toBe('200 served')
    const after = await rawConnect(port, 'GET /3 HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await after.until('served')).toContain('200 OK')
    expect(errors.length).toBeGreaterThan(0)
  })
})

function answerOf(stream: ReturnType<ReturnType<typeof connectHttp2>['request']>): Promise<string> {
  return new Promise((resolve) => {
    let status = 0
    let text = ''
    stream.on('response', (headers) => (status = headers[':status'] ?? 0))
    stream.on('data', (chunk: Buffer) => (text += chunk.length > 100 ? 'much' : chunk.toString()))
    stream.on('error', () => {})
    stream.on('close', () => resolve(stream.rstCode === 0 ? `${status} ${text}` : 'reset'))
  })
}

test('a server that sends what no exchange asked for costs its own connection', async () => {
  const sockets: Socket[] = []
  const upstream = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))
  })
  const {port} = await startBroken('', 'http1', await listen(upstream))
  const client = await rawConnect(port, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until('ok')
  const [first] = sockets
  if (first === undefined) throw new Error('the server was not asked')
  const closed = new Promise((resolve) => first.on('close', resolve))
  first.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil')
  await closed
  client.socket.write('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await client.closed
  expect(client.text().match(/ok|evil/g)).toEqual(['ok', 'ok'])
})
