/** What happens to `kntool local up` when its surroundings are against it. */
import {spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {request} from 'undici'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {SERVICES, type Service} from '../../src/api/serving/v1.ts'
import {kubeconfigClient} from '../support/kubeconfig-client.ts'
import {type KntoolHome, kntoolHome} from '../support/kntool-process.ts'

interface LocalStatus {
  state: string
  pid: number
  gatewayUrl: string
  kubeconfig: string
  dataDir: string
}

let home: KntoolHome

beforeEach(() => {
  home = kntoolHome()
})

afterEach(async () => {
  await home.run(['local', 'down'])
  home.remove()
})

const up = (...flags: string[]) =>
  home.run(['local', 'up', '--detach', '--gateway-port', '0', ...flags])
const status = async (): Promise<LocalStatus> =>
  JSON.parse((await home.run(['local', 'status', '-o', 'json'])).stdout) as LocalStatus

describe('what stands in the way of a start', () => {
  test('a gateway port in use is named, with the way out', async () => {
    const other = createServer()
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
    const {port} = other.address() as {port: number}
    const run = await home.run(['local', 'up', '--detach', '--gateway-port', `${port}`])
    other.close()
    expect(run).toMatchObject({code: 1, stdout: ''})
    expect(run.stderr).toContain(`Port ${port} for the gateway is in use.`)
    expect(run.stderr).toContain('--gateway-port 0')
    expect((await status()).state).not.toBe('running')
  })

  test('a data directory that another process runs on is refused', async () => {
    expect((await up('--data-dir', join(home.path, 'data'))).code).toBe(0)
    const second = await up('--data-dir', join(home.path, 'data'), '--name', 'second')
    expect(second.code).toBe(7)
    await home.run(['local', 'down', '--data-dir', join(home.path, 'data')])
  })

  test('a damaged database is named, and reset starts afresh', async () => {
    expect((await up()).code).toBe(0)
    const {dataDir} = await status()
    await home.ok('local', 'down')
    writeFileSync(
      join(dataDir, 'cluster.db'),
      'this is not a database, but long enough to be read as one'.repeat(50),
    )
    const run = await up()
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('kntool local reset')
    await home.ok('local', 'reset')
    expect((await up()).code).toBe(0)
  })

  test('an images file with a mistake is refused with the place', async () => {
    const file = join(home.path, 'images.yaml')
    writeFileSync(file, 'images:\n  - match: example.test/*\n    comand: [node]\n')
    const run = await up('--images', file)
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/images\[0\]/)
  })
})

test('Ctrl-C in the foreground stops everything and ends with 130', async () => {
  const script = `
    const {spawn} = require('node:child_process')
    const child = spawn(process.execPath, ['bin/run.js', 'local', 'up', '--gateway-port', '0'], {stdio: ['ignore', 'pipe', 'inherit']})
    child.stdout.once('data', () => child.kill('SIGINT'))
    child.on('exit', (code) => process.exit(code))`
  const {status: code} = spawnSync(process.execPath, ['-e', script], {
    env: {PATH: process.env['PATH'] ?? '', HOME: home.path, KNTOOL_HOME: home.path},
  })
  expect([0, 130]).toContain(code)
  expect((await status()).state).toBe('stopped')
})

test('kill -9 under load loses no acknowledged Service, and the next start serves them', async () => {
  expect((await up()).code).toBe(0)
  const first = await status()
  const client = await kubeconfigClient(first.kubeconfig)
  const acknowledged: string[] = []
  const writes = Array.from({length: 40}, async (_, index) => {
    await client.create(SERVICES, makeService(`load-${index}`))
    acknowledged.push(`load-${index}`)
    if (acknowledged.length === 12) process.kill(first.pid, 'SIGKILL')
  })
  await Promise.allSettled(writes)
  expect(acknowledged.length).toBeGreaterThanOrEqual(12)

  expect((await up()).code).toBe(0)
  const second = await status()
  const list = await (
    await kubeconfigClient(second.kubeconfig)
  ).list(SERVICES, {namespace: 'default'})
  const names = list.items.map(({metadata}) => metadata.name)
  expect(names).toEqual(expect.arrayContaining(acknowledged))
  await Promise.all(
    acknowledged.slice(0, 5).map(async (name) => {
      await home.ok('service', 'wait', name, '--wait-timeout', '60')
      const {statusCode, body} = await request(second.gatewayUrl, {
        headers: {host: `${name}.default.localhost`},
      })
      expect([statusCode, await body.text()]).toEqual([200, 'Hello load!\n'])
    }),
  )
})

function makeService(name: string): Service {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name, namespace: 'default'},
    spec: {
      template: {
        spec: {
          containers: [
            {image: 'ghcr.io/knative/helloworld-go', env: [{name: 'TARGET', value: 'load'}]},
          ],
        },
      },
    },
  }
}
