/** Servers that answer what no API server would: never a bug of this program, whatever the command. */
import {createServer, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {UnknownObject} from '../../src/api/meta/object.ts'
import {goldenObjects} from '../support/golden-objects.ts'
import {needs, RECORDINGS} from '../support/requirements.ts'
import {runCommand} from '../support/run-command.ts'

const COMMANDS = [
  ['service', 'list'],
  ['service', 'list', '-o', 'wide'],
  ['service', 'list', '-o', 'json'],
  ['service', 'describe', 'web'],
  ['service', 'describe', 'web', '--verbose'],
  ['service', 'describe', 'web', '-o', 'url'],
  ['service', 'export', 'web', '--with-revisions', '--mode', 'export', '-o', 'yaml'],
  ['service', 'create', 'web', '--image', 'example.com/web:1', '--no-wait'],
  ['service', 'update', 'web', '--env', 'A=1', '--no-wait'],
  [
    'service',
    'update',
    'web',
    '--traffic',
    '@latest=100',
    '--tag',
    'web-00001=stable',
    '--no-wait',
  ],
  ['service', 'update', 'web', '--env', 'A=1', '--dry-run', 'client'],
  ['service', 'apply', 'web', '--image', 'example.com/web:1', '--no-wait'],
  ['service', 'wait', 'web', '--wait-timeout', '1', '--wait-window', '0'],
  ['service', 'delete', 'web', '--no-wait'],
  ['revision', 'list'],
  ['revision', 'list', '-s', 'web'],
  ['revision', 'describe', 'web-00001'],
  ['revision', 'delete', 'web-00001', '--no-wait'],
  ['revision', 'delete', '--prune', 'web'],
  ['route', 'list'],
  ['route', 'describe', 'web'],
  ['traffic', 'describe', 'web'],
  ['traffic', 'split', 'web', 'web-00001=50', '@latest=50', '--no-wait'],
  ['traffic', 'promote', 'web', '--no-wait'],
  ['traffic', 'rollback', 'web', '--no-wait'],
  ['traffic', 'untag', 'web', 'stable', '--no-wait'],
  ['domain', 'list'],
  ['domain', 'describe', 'web.example.com'],
  ['domain', 'create', 'web.example.com', '--ref', 'web'],
  ['domain', 'delete', 'web.example.com'],
  ['secret', 'list'],
  ['logs', 'web'],
  ['doctor'],
  ['version'],
] as const

/** Words of a language's internals, which are nobody's business but the program's. */
const INTERNALS =
  /^70|this is a bug|Cannot read prop|is not a function|is not iterable|of undefined|of null|Invalid time value|NaN/i

let server: Server
let folder: string
let answer: (url: string, method: string, response: ServerResponse) => void

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kntool-garbage-'))
  server = createServer((request, response) => {
    request.resume()
    answer(request.url ?? '/', request.method ?? 'GET', response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  writeFileSync(
    join(folder, 'config'),
    JSON.stringify({
      'current-context': 'c',
      contexts: [{name: 'c', context: {cluster: 'c'}}],
      clusters: [{name: 'c', cluster: {server: `http://127.0.0.1:${port}`}}],
    }),
  )
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, {recursive: true})
})

const run = (argv: readonly string[]) =>
  runCommand([...argv], {env: {KUBECONFIG: join(folder, 'config'), HOME: folder}})

/** Everything a command said, and how it ended. */
async function saidBy(argv: readonly string[]): Promise<string> {
  const {exitCode, stdout, stderr} = await run(argv)
  return `${exitCode} ${argv.join(' ')}: ${stdout}${stderr}`
}

const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, {'content-type': 'application/json'})
  response.end(JSON.stringify(value))
}

describe('a server that is no API server', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    [
      'a page',
      (response) => response.setHeader('content-type', 'text/html').end('<html>hi</html>'),
    ],
    ['nothing', (response) => response.end()],
    [
      'nothing, as JSON',
      (response) => response.setHeader('content-type', 'application/json').end(),
    ],
    [
      'half a document',
      (response) => response.setHeader('content-type', 'application/json').end('{"items": ['),
    ],
    ['a redirection', (response) => response.writeHead(302, {location: '/login'}).end()],
    ['a failure in words', (response) => response.writeHead(500).end('boom')],
    ['a failure in JSON of its own', (response) => json(response, {error: 'boom'}, 503)],
    ['a number', (response) => json(response, 7)],
    ['null', (response) => json(response, null)],
    ['a list', (response) => json(response, [])],
    ['a text', (response) => json(response, 'hello')],
    ['an empty object', (response) => json(response, {})],
    ['items that are none', (response) => json(response, {kind: 'ServiceList', items: 'many'})],
    ['items of nothing', (response) => json(response, {kind: 'ServiceList', items: [null, 7, {}]})],
    [
      'an object without a name',
      (response) => json(response, {metadata: {}, items: [{metadata: {}}]}),
    ],
    ['a Status that says nothing', (response) => json(response, {kind: 'Status'}, 400)],
    [
      'a Status without a code',
      (response) => json(response, {kind: 'Status', details: 7, message: 3}, 422),
    ],
    ['a hang-up', (response) => response.destroy()],
  ])(
    'answering %s is no bug of a command',
    async (_, reply) => {
      answer = (_url, _method, response) => reply(response)
      for (const argv of COMMANDS) expect(await saidBy(argv)).not.toMatch(INTERNALS)
    },
    120_000,
  )
})

/** How many damaged clusters are tried; more by the variable. */
const RUNS = Number(process.env['KNTOOL_FUZZ_RUNS'] ?? 150)

const SPLIT = 'scenarios/s04-split-rollback/1-split'
const KINDS: Readonly<Record<string, readonly [folder: string, file: string]>> = {
  services: [SPLIT, 'ksvc'],
  revisions: [SPLIT, 'revision'],
  routes: [SPLIT, 'route'],
  configurations: [SPLIT, 'configuration'],
  pods: [SPLIT, 'pod'],
  events: [SPLIT, 'event'],
  replicasets: [SPLIT, 'replicaset'],
  deployments: [SPLIT, 'deployment'],
  podautoscalers: [SPLIT, 'podautoscaler'],
  domainmappings: ['i-domainmapping', 'dm'],
}

/** What a place of a document is replaced with; undefined takes it away. */
const damage = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    '',
    'x',
    '\u001b]52;c;eA==\u0007',
    '-1',
    'garbage',
    true,
    -1,
    0.5,
  ),
  fc.constantFrom(
    1e300,
    Number.MAX_SAFE_INTEGER,
    [],
    {},
    [null],
    [7],
    {a: null},
    '0001-01-01T00:00:00Z',
  ),
)

/** Replaces one place of a document, which `at` picks. */
function damaged(document: unknown, at: number, value: unknown): unknown {
  const places: (() => void)[] = []
  const copy = structuredClone(document)
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    for (const key of Object.keys(node)) {
      const owner = node as Record<string, unknown>
      places.push(() => {
        if (value === undefined && !Array.isArray(owner)) delete owner[key]
        else owner[key] = value
      })
      visit(owner[key])
    }
  }
  visit(copy)
  places[at % places.length]?.()
  return copy
}

function serveObjects(objects: ReadonlyMap<string, readonly unknown[]>): void {
  answer = (url, method, response) => {
    const {pathname, searchParams} = new URL(url, 'http://server')
    const parts = pathname.split('/')
    const plural = parts.findLast((part) => objects.has(part))
    const items = plural === undefined ? undefined : objects.get(plural)
    if (items === undefined) return json(response, {kind: 'Status', code: 404}, 404)
    const name = parts[parts.indexOf(plural as string) + 1]
    const named = (item: unknown): boolean =>
      (item as UnknownObject | null)?.metadata?.name === decodeURIComponent(name ?? '')
    if (searchParams.get('watch') === 'true') {
      response.writeHead(200, {'content-type': 'application/json'})
      for (const object of items) response.write(`${JSON.stringify({type: 'ADDED', object})}\n`)
      return response.end()
    }
    if (method !== 'GET') return json(response, items[0])
    if (name !== undefined) return json(response, items.find(named) ?? items[0])
    json(response, {apiVersion: 'v1', kind: 'List', metadata: {}, items})
  }
}

describe('a server whose objects are damaged', needs(RECORDINGS), () => {
  const recorded = new Map(
    Object.entries(KINDS).map(([plural, [folder, file]]) => [plural, goldenObjects(folder, file)]),
  )
  const commands = COMMANDS.filter(([topic]) => topic !== 'doctor').map((argv) =>
    argv.map((word) => word.replace(/^web\b(?!\.)/, 'shop')),
  )

  test('is no bug of a command', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...commands),
        fc.array(fc.tuple(fc.constantFrom(...recorded.keys()), fc.nat(2_000), damage), {
          minLength: 1,
          maxLength: 3,
        }),
        async (argv, damages) => {
          const objects = new Map<string, readonly unknown[]>(recorded)
          for (const [plural, at, value] of damages) {
            objects.set(plural, damaged(objects.get(plural) ?? [], at, value) as unknown[])
          }
          serveObjects(objects)
          expect(await saidBy(argv)).not.toMatch(INTERNALS)
        },
      ),
      {numRuns: RUNS},
    )
  }, 240_000)
})
