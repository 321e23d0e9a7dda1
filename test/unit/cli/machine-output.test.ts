/** What commands print for programs fits the published schema. */
import {readFileSync} from 'node:fs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {failure} from '../../../src/api/meta/status-error.ts'
import {renderErrorJson} from '../../../src/cli/render-error.ts'
import {ERROR_CATALOG, type ErrorCode} from '../../../src/errors/catalog.ts'
import {KntoolError} from '../../../src/errors/kntool-error.ts'
import {explainError} from '../../../src/operations/explain-error.ts'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'
import {schemaProblems} from '../../support/json-schema.ts'

const SCHEMA = JSON.parse(readFileSync('docs/output.schema.json', 'utf8')) as {
  $defs: Record<string, object>
}

function problems(definition: string, text: string): string[] {
  const root = {$defs: SCHEMA.$defs, $ref: `#/$defs/${definition}`}
  return schemaProblems(root, JSON.parse(text))
}

describe('errors', () => {
  test.each(Object.keys(ERROR_CATALOG) as ErrorCode[])('%s fits the schema', (code) => {
    const plain = new KntoolError(code, 'message')
    expect(problems('error', renderErrorJson(plain))).toEqual([])
    const rich = new KntoolError(code, 'message', {hint: ['one', 'two'], details: {a: 1}})
    expect(problems('error', renderErrorJson(rich))).toEqual([])
  })

  test.each([
    ['an answer of the API', failure(404, 'NotFound', 'services "web" not found')],
    ['a bug', new TypeError('x is not a function')],
    ['a file', Object.assign(new Error('ENOENT'), {code: 'ENOENT', path: '/nosuch'})],
  ])('%s fits the schema', (_, error) => {
    expect(problems('error', renderErrorJson(explainError(error)))).toEqual([])
  })

  test('a code that is not in the catalogue does not fit', () => {
    const text = JSON.stringify({error: {code: 'KN_OTHER', message: '', details: {}}})
    expect(problems('error', text)).not.toEqual([])
  })
})

describe('results', () => {
  let world: CommandCluster
  beforeAll(async () => {
    world = await startCommandCluster({handlers: {'example.com/*': () => new Response('ok')}})
    await world.ok('service', 'create', 'web', '--image', 'example.com/web', '--tag', 'one')
  })
  afterAll(() => world.stop())

  test.each<[string, string]>([
    ['service list', 'list'],
    ['service list -A', 'list'],
    ['service list -n kube-public', 'list'],
    ['service describe web', 'object'],
    ['service create new --image example.com/new', 'object'],
    ['service update new --env A=1', 'object'],
    ['service apply new --image example.com/new', 'object'],
    ['revision list', 'list'],
    ['revision describe web-00001', 'object'],
    ['revision create web --env A=1 --tag two', 'object'],
    ['route list', 'list'],
    ['route describe web', 'object'],
    ['domain list', 'list'],
    ['secret list', 'list'],
    ['traffic describe web', 'traffic'],
    ['traffic split web gen:1=50 two', 'object'],
    ['traffic tag web two=three', 'object'],
    ['traffic untag web three', 'object'],
    ['traffic promote web', 'object'],
    ['traffic rollback web', 'object'],
    ['version', 'version'],
    ['version --client', 'version'],
    ['config', 'config'],
    ['local status', 'localStatus'],
  ])('%s prints a document of the kind %s', async (line, definition) => {
    const run = await world.run([...line.split(' '), '-o', 'json'])
    expect(problems(definition, run.stdout)).toEqual([])
    expect(run.exitCode).toBe(0)
  })
})
