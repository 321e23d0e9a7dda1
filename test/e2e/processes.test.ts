/** What the processes of pods go through, on the built program. */
import {chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {request} from 'undici'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {CONFIG_MAPS, PODS} from '../../src/api/core/v1.ts'
import {processStartTime} from '../../src/util/process-identity.ts'
import {type KntoolHome, kntoolHome} from '../support/kntool-process.ts'
import {kubeconfigClient} from '../support/kubeconfig-client.ts'

/** Ends at once on SIGTERM, as a program without a handler does. */
const SERVER = `
import {spawn} from 'node:child_process'
import {createServer, get} from 'node:http'
const ask = (url) => new Promise((resolve) => get(url, async (response) => {
  let text = ''
  for await (const chunk of response) text += chunk
  resolve(response.statusCode + ' ' + text)
}).on('error', (error) => resolve(String(error))))
createServer(async (incoming, response) => {
  const url = new URL(incoming.url, 'http://x')
  const target = url.searchParams.get('url') ?? ''
  if (url.pathname === '/sleep') setTimeout(() => response.end('slept'), Number(url.searchParams.get('ms')))
  else if (url.pathname === '/fetch') response.end(await fetch(target).then(async (got) => got.status + ' ' + await got.text()))
  else if (url.pathname === '/get') response.end(await ask(target))
  else if (url.pathname === '/daemon') {
    const daemon = spawn('sleep', ['3600'], {detached: true, stdio: 'ignore'})
    daemon.unref()
    daemon.on('spawn', () => response.end(String(daemon.pid)))
  } else response.end('I am ' + process.env.NAME + ', asked as ' + incoming.headers.host)
}).listen(process.env.PORT)
`

let home: KntoolHome
let directory: string
let gatewayUrl: string
let kubeconfig: string

beforeAll(async () => {
  home = kntoolHome()
  directory = mkdtempSync(join(tmpdir(), 'kntool-programs-'))
  chmodSync(directory, 0o755)
  writeFileSync(join(directory, 'server.mjs'), SERVER)
  writeFileSync(
    join(directory, 'images.yaml'),
    'images: [{match: example.test/app, command: [node, server.mjs]}]',
  )
  await up()
  for (const [name, ...flags] of [['web'], ['inner', '--cluster-local'], ['other']]) {
    await home.ok(
      'service',
      'create',
      `${name}`,
      '--image',
      'example.test/app',
      '--env',
      `NAME=${name}`,
      ...flags,
    )
  }
})

afterAll(async () => {
  await home.run(['local', 'down'])
  home.remove()
  rmSync(directory, {recursive: true, force: true})
})

async function up(): Promise<void> {
  await home.ok(
    'local',
    'up',
    '--detach',
    '--gateway-port',
    '0',
    '--images',
    join(directory, 'images.yaml'),
  )
  const status = JSON.parse(await home.ok('local', 'status', '-o', 'json')) as {
    gatewayUrl: string
    kubeconfig: string
  }
  ;({gatewayUrl, kubeconfig} = status)
}

async function ask(name: string, path: string): Promise<string> {
  const host = `${name}.default.localhost`
  const {statusCode, body} = await request(`${gatewayUrl}${path}`, {headers: {host}})
  return `${statusCode} ${await body.text()}`
}

const askFrom = (how: string, url: string): Promise<string> =>
  ask('web', `/${how}?url=${encodeURIComponent(url)}`)

async function configure(name: string, data: Record<string, string>): Promise<void> {
  const client = await kubeconfigClient(kubeconfig)
  const key = {namespace: 'knative-serving', name}
  await client.patch(CONFIG_MAPS, key, {type: 'merge', body: {data}})
}

async function deletePods(service: string): Promise<void> {
  const client = await kubeconfigClient(kubeconfig)
  const labelSelector = `serving.knative.dev/service=${service}`
  const {items} = await client.list(PODS, {namespace: 'default', labelSelector})
  for (const {metadata} of items) await client.delete(PODS, metadata)
}

describe('a service', () => {
  test.each([
    ['http://inner.default.svc.cluster.local/', 'inner', 'inner.default.svc.cluster.local'],
    ['http://other.default.svc/', 'other', 'other.default.svc'],
    ['http://other.default/', 'other', 'other.default'],
    ['http://other/', 'other', 'other.default.svc.cluster.local'],
  ])('is reached by another one as %s', async (url, name, host) => {
    const expected = `200 200 I am ${name}, asked as ${host}`
    expect(await askFrom('get', url)).toBe(expected)
    expect(await askFrom('fetch', url)).toBe(expected)
  })

  test('is reached by the name of a tag, and wakes up from zero', async () => {
    await home.ok('service', 'update', 'other', '--tag', 'other-00001=old')
    expect(await askFrom('get', 'http://old-other.default.svc.cluster.local/')).toContain(
      'I am other',
    )
    await configure('config-autoscaler', {'allow-zero-initial-scale': 'true'})
    const image = ['--image', 'example.test/app', '--env', 'NAME=idle']
    await home.ok('service', 'create', 'idle', ...image, '--scale-init', '0')
    expect(await askFrom('get', 'http://idle.default/')).toContain('I am idle')
  })
})

describe('a request under way', () => {
  test.each([
    ['its pod is deleted', () => deletePods('web')],
    ['its Service is deleted', () => home.ok('service', 'delete', 'doomed')],
  ])('is answered although %s', async (what, end) => {
    const name = what.includes('pod') ? 'web' : 'doomed'
    if (name === 'doomed') {
      await home.ok('service', 'create', name, '--image', 'example.test/app')
    }
    const answer = ask(name, '/sleep?ms=2000')
    await ask(name, '/')
    await end()
    expect(await answer).toBe('200 slept')
  })

  test('is answered although the cluster stops, and nothing is left of it', async () => {
    const pid = Number((await ask('web', '/daemon')).slice(4))
    expect(processStartTime(pid)).toBeDefined()
    const answer = ask('web', '/sleep?ms=2000')
    await ask('web', '/')
    await home.ok('local', 'down')
    expect(await answer).toBe('200 slept')
    expect(processStartTime(pid)).toBeUndefined()
    await up()
  })
})

test('no process outlives a cluster that was killed and its next start', async () => {
  const pid = Number((await ask('web', '/daemon')).slice(4))
  const {pid: cluster, dataDir} = JSON.parse(await home.ok('local', 'status', '-o', 'json')) as {
    pid: number
    dataDir: string
  }
  process.kill(cluster, 'SIGKILL')
  while (processStartTime(cluster) !== undefined)
    await new Promise((resolve) => setImmediate(resolve))
  expect(processStartTime(pid)).toBeDefined()
  const before = readdirSync(join(dataDir, 'pods'))
  await up()
  expect(processStartTime(pid)).toBeUndefined()
  const after = existsSync(join(dataDir, 'pods')) ? readdirSync(join(dataDir, 'pods')) : []
  // The same pods run again, each in a directory that was made anew; none is left of a pod that is gone.
  expect(after.every((uid) => before.includes(uid))).toBe(true)
})

test('the kubelet is seen in the request log where probes are logged', async () => {
  await configure('config-observability', {
    'logging.enable-request-log': 'true',
    'logging.enable-probe-request-log': 'true',
    'logging.request-log-template': '{{.Request.UserAgent}} {{.Response.Code}}',
  })
  await home.ok('service', 'create', 'logged', '--image', 'example.test/app')
  const logs = await home.ok('logs', 'logged', '--container', 'queue-proxy')
  expect(logs).toMatch(/kube-probe\/[\d.]+ 200/)
})
