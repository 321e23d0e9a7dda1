/**
 * Every way to send a request, by every protocol, to applications that answer in every way, on every
 * path: whatever one of them does, the application sees exactly the bytes that were sent, the client
 * sees the whole answer or that it failed, and the others are served. Pods end all the while.
 *
 * `KNTOOL_EXCHANGES` sets how many exchanges there are.
 */
import fc from 'fast-check'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {type Application, type Chain, startChain} from './chain.ts'
import {ExchangeClient, type Mode, MODES, type SentRequest} from './exchange-client.ts'
import {complaintsAbout} from './exchange-verdict.ts'
import {SHAPES} from './response-shapes.ts'
import {type ScriptedServer, startH2cServer, startHttp1Server} from './scripted-server.ts'

const EXCHANGES = Math.max(5000, Number(process.env['KNTOOL_EXCHANGES'] ?? 0))
/** At once; each batch has a neighbour that asks for nothing special. */
const BATCH = 40
const MS_PER_EXCHANGE = 60

interface Row {
  readonly client: 'h1' | 'h2'
  readonly server: 'http1' | 'h2c'
  readonly route: 'direct' | 'activator'
  readonly mode: Mode
  readonly shape: string
}

/** Of the applications, as hosts. */
const NAMES = ['http1-direct', 'h2c-direct', 'http1-activator', 'h2c-activator']

/** What HTTP/2 can say of the shapes of HTTP/1: which of its frames come is drawn. */
const H2C_SHAPES = ['a length', 'chunks and trailers', '204', 'a reset']

const ROWS: readonly Row[] = (['h1', 'h2'] as const).flatMap((client) =>
  (['http1', 'h2c'] as const).flatMap((server) =>
    (['direct', 'activator'] as const).flatMap((route) =>
      MODES.flatMap((mode) =>
        (server === 'h2c' ? H2C_SHAPES : Object.keys(SHAPES)).map((shape) => {
          // HTTP/2 has no change of protocol.
          const canUpgrade = client === 'h1' && server === 'http1'
          return {
            client,
            server,
            route,
            shape,
            mode: mode === 'upgrade' && !canUpgrade ? 'none' : mode,
          }
        }),
      ),
    ),
  ),
)

/** Bodies that would do harm if they were taken for anything but a body. */
const contents = fc.oneof(
  fc.constant(''),
  fc.constantFrom(
    'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n',
    '0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nevil!',
    '\r\n\r\n',
    '\0',
  ),
  fc.string({
    unit: fc.integer({min: 0, max: 255}).map((code) => String.fromCharCode(code)),
    maxLength: 200,
  }),
  fc
    .integer({min: 1, max: 200_000})
    .map((length) => 'large '.repeat(Math.ceil(length / 6)).slice(0, length)),
)

const draws = fc.record({
  content: contents,
  body: contents.map((text) => text || 'body'),
  bodilessMethod: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE'),
  method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'),
  hasLength: fc.boolean(),
  cutAt: fc.double({min: 0, max: 0.999, noNaN: true}),
  cuts: fc.oneof(fc.constant([]), fc.array(fc.nat(400), {maxLength: 4})),
  pauseMs: fc.constantFrom(0, 0, 0, 1, 25),
})

type Draw = typeof draws extends fc.Arbitrary<infer T> ? T : never

let servers: Record<'http1' | 'h2c', ScriptedServer>
let chain: Chain
let client: ExchangeClient
let made = 0

beforeAll(async () => {
  servers = {http1: await startHttp1Server(), h2c: await startH2cServer()}
  const applications = (['http1', 'h2c'] as const).flatMap((protocol) =>
    (['direct', 'activator'] as const).map((route): Application => ({
      name: `${protocol}-${route}`,
      port: servers[protocol].port,
      protocol,
      isViaActivator: route === 'activator',
    })),
  )
  chain = await startChain(applications)
  client = new ExchangeClient(chain.port)
})

afterAll(async () => {
  client.close()
  await chain.close()
  for (const server of Object.values(servers)) server.close()
})

test(
  'every exchange comes to its own end, and none to the end of another',
  async () => {
    let row = 0
    await fc.assert(
      fc.asyncProperty(fc.array(draws, {minLength: BATCH, maxLength: BATCH}), async (drawn) => {
        const rows = drawn.map((_draw, at) => ROWS[(row + at) % ROWS.length] as Row)
        row += BATCH
        const neighbour = runNeighbour()
        // The pods that serve them end meanwhile, and others take their place.
        const replaced = chain.replacePod(NAMES[(row / BATCH) % NAMES.length] ?? '')
        const complaints = await Promise.all(drawn.map((draw, at) => run(rows[at] as Row, draw)))
        expect([...complaints.flat(), ...(await neighbour)]).toEqual([])
        await replaced
        expect([...servers.http1.strays, ...servers.h2c.strays, ...chain.errors]).toEqual([])
      }),
      {numRuns: Math.ceil(EXCHANGES / BATCH), endOnFailure: true},
    )
  },
  EXCHANGES * MS_PER_EXCHANGE,
)

/** One that asks for nothing special. */
function runNeighbour(): Promise<string[]> {
  const row: Row = {
    client: 'h1',
    server: 'http1',
    route: 'direct',
    mode: 'prompt',
    shape: 'a length',
  }
  return run(row, {
    content: 'served',
    body: 'neighbour',
    bodilessMethod: 'GET',
    method: 'POST',
    hasLength: made % 2 === 0,
    cutAt: 0,
    cuts: [],
    pauseMs: 0,
  })
}

/** Makes one exchange; resolves to what is wrong with it. */
async function run(row: Row, draw: Draw): Promise<string[]> {
  const id = `e${made++}`
  const {scripts, seen} = servers[row.server]
  const {content, cutAt, pauseMs} = draw
  const shape = SHAPES[row.shape]
  if (shape === undefined) return [`there is no shape ${row.shape}`]
  const scripted = shape({id, content, cutAt})
  const cuts = scripted.isOneWrite === true ? [] : draw.cuts.toSorted((a, b) => a - b)
  scripts.set(id, {...scripted, cuts, pauseMs})
  const sent = requestOf(id, row, draw)
  const received = await client.send(row.client, sent)
  const asked = seen.get(id) ?? []
  seen.delete(id)
  // An aborted one may still be on its way to the application.
  if (row.mode !== 'aborted') scripts.delete(id)
  const outcome = (row.client === 'h2' ? scripted.onHttp2 : undefined) ?? scripted.outcome
  const ends = {sent, asked, received, outcome, isEarly: scripted.isEarly === true}
  return complaintsAbout(ends).map((complaint) => `${JSON.stringify(row)} ${complaint}`)
}

function requestOf(
  id: string,
  {client: protocol, server, route, mode}: Row,
  draw: Draw,
): SentRequest {
  const hasBody = mode !== 'none' && mode !== 'upgrade'
  const bodilessMethod = mode === 'upgrade' ? 'GET' : draw.bodilessMethod
  return {
    id,
    mode,
    method: hasBody ? draw.method : bodilessMethod,
    host: `${server}-${route}`,
    body: hasBody ? draw.body : '',
    hasLength: mode !== 'trailers' && draw.hasLength,
    pauseMs: draw.pauseMs,
    // Node's client writes heads that go out alone as UTF-8, as it does those with `expect`.
    bytes: protocol === 'h1' && mode === 'expect' ? 'cafe' : 'caf\u00e9\u00ff',
  }
}
