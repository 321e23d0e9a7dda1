/** The Kubernetes API over HTTPS on SQLite, beside the least a server of objects can do. */
import {spawn, spawnSync, type ChildProcess} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {HttpTransport} from '../../src/client/http-transport.ts'
import {startCluster} from '../../src/local/start-cluster.ts'
import {genuineManifestPath} from '../support/genuine-manifests.ts'
import {KUBECTL, RELEASE_FILES} from '../support/requirements.ts'
import {apiHome, connectTo, firstNumber, type ApiProcess} from '../support/spawn-api.ts'
import {report} from './figure.ts'

const PATH = '/api/v1/namespaces/default/configmaps'
const IN_FLIGHT = 32
const PEER = 'a bare HTTPS server with a map'

const home = await apiHome()
let api = await home.start({historyLimit: 10_000})
let ours = api.connect()
const bareProcess = spawn(
  process.execPath,
  [join(import.meta.dirname, 'bare-https-server.ts'), home.credentialsFile],
  {stdio: ['ignore', 'pipe', 'inherit']},
)
const bare = connectTo(await firstNumber(bareProcess), home.credentials)
await post(ours, '/api/v1/namespaces', {metadata: {name: 'default'}})
await inParallel(200, (index) => post(ours, PATH, makeObject(`warm-${index}`)))
await inParallel(200, (index) => post(bare, PATH, makeObject(`warm-${index}`)))

await compare('create 1,000 objects', (transport) =>
  inParallel(1000, (index) => post(transport, PATH, makeObject(`object-${index}`))),
)
await compare('get 1,000 objects', (transport) =>
  inParallel(1000, (index) => get(transport, `${PATH}/object-${index}`)),
)
await compare('list 1,200 objects', (transport) => get(transport, PATH))
await measureFanOut()
await measureTenThousand()
ours.close()
bare.close()
bareProcess.kill()
home.remove()
await measureApply()

async function compare(
  name: string,
  work: (transport: HttpTransport) => Promise<unknown>,
): Promise<void> {
  const oursMs = await timed(() => work(ours))
  const bareMs = await timed(() => work(bare))
  report({name, value: oursMs, unit: 'ms', ratio: oursMs / bareMs, peer: PEER})
}

async function measureFanOut(): Promise<void> {
  const {metadata} = (await get(ours, PATH)) as {metadata: {resourceVersion: string}}
  const watchers = Array.from({length: 100}, () => readEvents(metadata.resourceVersion, 100))
  const value = await timed(async () => {
    await inParallel(100, (index) => post(ours, PATH, makeObject(`fan-${index}`)))
    await Promise.all(watchers)
  })
  report({name: '100 writes seen by 100 watches', value, unit: 'ms'})
}

async function measureTenThousand(): Promise<void> {
  const before = residentKilobytes(api)
  await inParallel(10_000, (index) => post(ours, PATH, makeObject(`many-${index}`)))
  const grown = residentKilobytes(api) - before
  report({name: 'memory per object, history included', value: grown / 10_000, unit: 'kB'})
  ours.close()
  await api.kill()
  const value = await timed(async () => {
    api = await home.start({historyLimit: 10_000})
    ours = api.connect()
    await get(ours, `${PATH}/many-9999`)
  })
  report({name: 'process start with 11,300 stored objects', value, unit: 'ms'})
}

async function measureApply(): Promise<void> {
  if (!KUBECTL.isMet() || !RELEASE_FILES.isMet()) return
  const cluster = await startCluster({listen: {}})
  const kubeconfig = join('/tmp', `kntool-bench-${process.pid}`)
  writeFileSync(kubeconfig, cluster.kubeconfig ?? '', {mode: 0o600})
  for (const round of ['first', 'second'] as const) {
    for (const file of ['serving-crds.yaml', 'serving-core.yaml']) {
      const value = await timed(() => kubectlApply(kubeconfig, genuineManifestPath(file)))
      report({name: `kubectl apply ${file}, ${round} time`, value, unit: 'ms'})
    }
  }
  spawnSync('rm', [kubeconfig])
  await cluster.stop()
}

async function kubectlApply(kubeconfig: string, file: string): Promise<void> {
  const child: ChildProcess = spawn('kubectl', ['apply', '-f', file], {
    env: {...process.env, KUBECONFIG: kubeconfig},
    stdio: 'ignore',
  })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`kubectl apply of ${file} ended with ${String(code)}`)
}

function makeObject(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name, namespace: 'default', labels: {app: 'bench'}},
    data: {key: 'a value of some length', other: 'x'.repeat(200)},
  }
}

async function post(transport: HttpTransport, path: string, body: object): Promise<void> {
  const {status} = await transport.send({method: 'POST', path, body})
  if (status !== 201) throw new Error(`${status} for ${path}`)
}

async function get(transport: HttpTransport, path: string): Promise<unknown> {
  const {status, body} = await transport.send({method: 'GET', path})
  if (status !== 200 || body.kind !== 'json') throw new Error(`${status} for ${path}`)
  return body.value
}

async function readEvents(resourceVersion: string, count: number): Promise<void> {
  const query = {watch: 'true', resourceVersion}
  const {body} = await ours.send({method: 'GET', path: PATH, query})
  if (body.kind !== 'watch') throw new Error('no watch')
  let seen = 0
  for await (const _event of body.events) if (++seen === count) break
}

/** `work` for 0 to `count` - 1, at most {@link IN_FLIGHT} at a time. */
async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const lanes = Array.from({length: IN_FLIGHT}, async () => {
    while (next < count) await work(next++)
  })
  await Promise.all(lanes)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

function residentKilobytes({process: child}: ApiProcess): number {
  const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])
}
