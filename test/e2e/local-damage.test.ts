/** Files of a local cluster that are not what they were: nothing is lost in silence, and a way on is named. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {type KntoolHome, kntoolHome, type Run} from '../support/kntool-process.ts'

let home: KntoolHome
let data: string

beforeEach(() => {
  home = kntoolHome()
  data = join(home.path, 'clusters', 'default')
})

afterEach(async () => {
  await home.run(['local', 'down', '--force'])
  home.remove()
})

const up = (...flags: string[]): Promise<Run> =>
  home.run(['local', 'up', '--detach', '--gateway-port', '0', ...flags])
const status = async () =>
  JSON.parse((await home.run(['local', 'status', '-o', 'json'])).stdout) as {
    state: string
    pid: number
    problem?: string
  }
const services = (): Promise<string> => home.ok('service', 'list', '-o', 'name', '--embedded')

async function createService(name: string): Promise<void> {
  await home.ok('service', 'create', name, '--image', 'example.test/none', '--no-wait')
}

async function killCluster(): Promise<void> {
  const {pid} = await status()
  process.kill(pid, 'SIGKILL')
  while (existsSync(`/proc/${pid}`)) await new Promise((resolve) => setImmediate(resolve))
}

/** The commands that an error proposes, as arguments. */
function proposed({stderr}: Run): string[][] {
  return [...stderr.matchAll(/kntool (local (?:restore|reset)[^\n,]*)/g)].map(([, line = '']) =>
    line.trim().split(' '),
  )
}

describe('what was acknowledged', () => {
  test('is there again after a kill, without a word', async () => {
    expect((await up()).code).toBe(0)
    await createService('kept')
    await killCluster()
    const run = await up()
    expect(run).toMatchObject({code: 0, stderr: ''})
    expect(await services()).toContain('kept')
  }, 60_000)

  test.each([
    ['cut', (log: string) => truncateSync(log, Math.floor(statSync(log).size / 3))],
    ['gone', (log: string) => rmSync(log)],
  ])(
    'is missed when the log is %s, and every way on that is named works',
    async (_, damage) => {
      expect((await up()).code).toBe(0)
      await createService('old')
      await home.ok('local', 'down')
      expect(readdirSync(join(data, 'backups'))).toHaveLength(1)
      expect((await up()).code).toBe(0)
      await createService('new')
      await killCluster()
      damage(join(data, 'cluster.db-wal'))

      const refused = await up()
      expect(refused.code).toBe(1)
      expect(refused.stderr).toMatch(/cluster\.db-wal is (damaged|missing): the newest \d+ writes/)
      expect((await status()).state).toBe('stopped')
      const ways = proposed(refused)
      expect(ways).toEqual([
        ['local', 'restore', '--readable'],
        ['local', 'restore'],
        ['local', 'reset'],
      ])
      const readable = await home.ok(...(ways[0] ?? []))
      expect(readable).toContain('goes on from what could be read')
      expect(await services()).toContain('old')
      const restored = await home.ok(...(ways[1] ?? []))
      expect(restored).toMatch(/goes on from the copy of \d{4}-/)
      expect(await services()).toContain('old')
      expect(readdirSync(data).some((name) => name.startsWith('damaged-'))).toBe(true)
      await home.ok(...(ways[2] ?? []))
      expect(existsSync(data)).toBe(false)
    },
    120_000,
  )

  test('is missed with a database that is gone, though nothing was copied yet', async () => {
    expect((await up()).code).toBe(0)
    await killCluster()
    rmSync(join(data, 'cluster.db'))
    const refused = await up()
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('cluster.db is missing')
    expect(proposed(refused)).toEqual([['local', 'reset']])
    const restore = await home.run(['local', 'restore'])
    expect(restore.code).toBe(3)
    expect(restore.stderr).toContain('There is no copy of a clean stop')
  }, 60_000)

  test('is copied at each clean stop, three times at most', async () => {
    for (let round = 0; round < 4; round++) {
      expect((await up()).code).toBe(0)
      await home.ok('local', 'down')
    }
    const copies = readdirSync(join(data, 'backups'))
    expect(copies.length).toBeLessThanOrEqual(3)
    expect(copies.length).toBeGreaterThan(0)
    const [oldest = ''] = copies
    expect(await home.ok('local', 'restore', oldest)).toContain(`the copy of ${oldest}`)
  }, 120_000)

  test('hints mean the cluster that they are about', async () => {
    const directory = join(home.path, 'elsewhere')
    const flags = ['--data-dir', directory]
    expect((await up(...flags)).code).toBe(0)
    await home.ok('local', 'down', ...flags)
    truncateSync(join(directory, 'cluster.db'), 10_000)
    const refused = await up(...flags)
    expect(refused.code).toBe(1)
    for (const way of proposed(refused)) await home.ok(...way)
    expect(existsSync(directory)).toBe(false)
  }, 60_000)
})

const GARBAGE: readonly [string, (path: string) => void][] = [
  ['empty', (path) => writeFileSync(path, '')],
  ['NUL bytes', (path) => writeFileSync(path, Buffer.alloc(100))],
  ['half of it', (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
  ['no object', (path) => writeFileSync(path, '[null]')],
  ['wrong types', (path) => writeFileSync(path, '{"pid":-1,"token":1,"key":{},"certificate":[]}')],
]

describe('files that hold garbage', () => {
  test('a credentials file is named, and the way on works', async () => {
    expect((await up()).code).toBe(0)
    await home.ok('local', 'down')
    const file = join(data, 'credentials.json')
    const sound = readFileSync(file)
    for (const [what, damage] of GARBAGE) {
      writeFileSync(file, sound)
      damage(file)
      const run = await up()
      expect({what, code: run.code}).toEqual({what, code: 1})
      expect(run.stderr).toContain('credentials.json holds no credentials any more')
      expect(run.stderr).toContain(`rm ${file}, then kntool local up`)
      expect(run.stderr).not.toMatch(/ at .*:\d+:\d+|SyntaxError/)
    }
    rmSync(file)
    expect((await up()).code).toBe(0)
  }, 120_000)

  test.each(['api-port', 'credentials.json'])(
    'a directory in place of %s is named',
    async (name) => {
      mkdirSync(join(data, name), {recursive: true})
      const run = await up()
      expect(run.code).toBe(1)
      expect(run.stderr).toContain(`${join(data, name)} has to be a file`)
      rmSync(join(data, name), {recursive: true})
      expect((await up()).code).toBe(0)
    },
    60_000,
  )

  test.each(['', 'x', '0', '-1', '99999', '80.5', '\0\0\0'])(
    'an api-port of %j is named, with both ways on',
    async (text) => {
      mkdirSync(data, {recursive: true})
      writeFileSync(join(data, 'api-port'), text)
      const run = await up()
      expect(run.code).toBe(1)
      expect(run.stderr).toContain('api-port does not hold the number of a port')
      expect(run.stderr).toContain('--api-port PORT')
    },
  )

  test('a record that is damaged or gone neither hides a cluster nor keeps it from stopping', async () => {
    const file = join(data, 'running.json')
    const damages = [...GARBAGE, ['gone', (path: string) => rmSync(path)] as const]
    for (const [what, damage] of damages) {
      expect((await up()).code).toBe(0)
      const {pid} = await status()
      damage(file)
      expect({what, ...(await status())}).toMatchObject({what, state: 'running', pid})
      const second = await up()
      expect(second.code).toBe(7)
      expect(second.stderr).toContain(`is running already (process ${pid})`)
      expect((await home.run(['local', 'reset'])).code).toBe(7)
      expect(await home.ok('local', 'down')).toBe('The local cluster is stopped.\n')
      expect(existsSync(`/proc/${pid}`)).toBe(false)
      expect((await status()).state).toBe('stopped')
    }
    await home.ok('local', 'reset')
  }, 120_000)

  test('a record of somebody else is not believed: nobody else is stopped', async () => {
    expect((await up()).code).toBe(0)
    const {pid} = await status()
    const file = join(data, 'running.json')
    const record = JSON.parse(readFileSync(file, 'utf8')) as object
    writeFileSync(file, JSON.stringify({...record, pid: process.pid}))
    expect(await status()).toMatchObject({state: 'running', pid})
    await home.ok('local', 'down')
    expect(existsSync(`/proc/${pid}`)).toBe(false)
  }, 60_000)

  test.each(['cluster.log', 'kubeconfig', 'cluster.db', 'cluster.db-newest', 'cluster.db-wal'])(
    'a directory in place of %s is named, and reset helps',
    async (name) => {
      mkdirSync(join(data, name, 'x'), {recursive: true})
      const run = await up()
      expect(run.code).toBe(1)
      expect(run.stderr).toContain(name.replace('-wal', ''))
      expect(run.stderr).not.toContain('This is a bug')
      writeFileSync(join(data, 'credentials.json'), '')
      await home.ok('local', 'reset')
      expect((await up()).code).toBe(0)
    },
    60_000,
  )

  test('a data directory that is a file is named', async () => {
    writeFileSync(join(home.path, 'file'), '')
    const run = await up('--data-dir', join(home.path, 'file'))
    expect(run.code).toBe(1)
    expect(run.stderr).toContain(join(home.path, 'file'))
    chmodSync(join(home.path, 'file'), 0o600)
  })
})
