/** The built program, killed and interrupted while it installs. Needs `npm run build`. */
import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, afterEach, beforeAll, beforeEach, expect, test} from 'vitest'
import {allObjects} from '../support/all-objects.ts'
import {type BareApi, startBareApi} from '../support/bare-api.ts'
import {writeRelease} from '../support/release-folder.ts'

/** What a run ended with. */
interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

const KILLS = 6

let home: string
let kubeconfig: string
let undisturbed: Record<string, string>
let runMs: number
let api: BareApi

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kntool-killed-install-'))
  kubeconfig = join(home, 'kubeconfig')
  await writeRelease(join(home, 'release'), {version: '1.13.1', istio: '1.20.3'})
  api = await startBareApi(kubeconfig)
  const begun = performance.now()
  const {code, stderr} = await install()
  if (code !== 0) throw new Error(stderr)
  runMs = performance.now() - begun
  undisturbed = await allObjects(await api.connect())
  api.stop()
})
afterAll(() => rmSync(home, {recursive: true}))
beforeEach(async () => {
  api = await startBareApi(kubeconfig)
})
afterEach(() => api.stop())

/** Installs; `disturb` is told what is written to standard error, and may end it. */
function install(
  disturb: (kill: (signal: NodeJS.Signals) => void, said: string) => void = () => undefined,
) {
  return new Promise<End>((done) => {
    const child = spawn(
      process.execPath,
      [
        resolve('bin/run.js'),
        'install',
        `--manifests=${join(home, 'release')}`,
        '--domain=knative.example.com',
        '--load-balancer=none',
        '--no-wait',
      ],
      {
        env: {PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig},
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    let stderr = ''
    const kill = (signal: NodeJS.Signals): void => void child.kill(signal)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      disturb(kill, stderr)
    })
    disturb(kill, '')
    child.on('close', (code, signal) => done({code, signal, stderr}))
  })
}

test(`after ${KILLS} kills at random times it ends as if nothing had been`, async () => {
  let killed = 0
  for (let round = 0; round < KILLS; round++) {
    const {signal} = await install((kill, said) => {
      if (said === '') setTimeout(() => kill('SIGKILL'), runMs * (0.2 + 0.8 * Math.random()))
    })
    if (signal === 'SIGKILL') killed += 1
  }
  expect(killed).toBeGreaterThan(0)
  expect(await install()).toMatchObject({code: 0})
  expect(await allObjects(await api.connect())).toEqual(undisturbed)
})

test('Ctrl-C ends with 130 and says how to go on', async () => {
  let sent = false
  const {code, stderr} = await install((kill, said) => {
    if (sent || !said.includes('Knative Serving\n')) return
    sent = true
    kill('SIGINT')
  })
  expect(code).toBe(130)
  expect(stderr).toMatch(
    /\nInterrupted .*\.\n {2}Run the same command again: it goes on where it stopped\.\n$/,
  )
  expect(await install()).toMatchObject({code: 0})
  expect(await allObjects(await api.connect())).toEqual(undisturbed)
})
