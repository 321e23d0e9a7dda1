/**
 * Installing the release files beside `kubectl apply --server-side` of the same files, each on an
 * empty API server in a process of its own. Needs `npm run build`, kubectl and the release files.
 */
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {startBareApi} from '../support/bare-api.ts'
import {genuineManifestPath} from '../support/genuine-manifests.ts'
import {KUBECTL as KUBECTL_PROGRAM, RELEASE_FILES} from '../support/requirements.ts'
import {median, report} from './figure.ts'

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)
const home = mkdtempSync(join(tmpdir(), 'kntool-bench-'))
const env = {PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: join(home, 'kubeconfig')}

/** As few calls as the files allow: what uses a kind needs it to be there when a call begins. */
const KUBECTL = [
  ['-f', genuineManifestPath('serving-crds.yaml')],
  ['-f', genuineManifestPath('istio.yaml'), '-l', 'knative.dev/crd-install=true'],
  ['serving-core', 'istio', 'net-istio'].flatMap((file) => [
    '-f',
    genuineManifestPath(`${file}.yaml`),
  ]),
]
const KNTOOL = [
  'bin/run.js',
  'install',
  `--manifests=${genuineManifestPath('.')}`,
  '--domain=knative.example.com',
  '--load-balancer=none',
  '--no-wait',
]

if (!RELEASE_FILES.isMet() || !KUBECTL_PROGRAM.isMet()) {
  console.error('  left out: needs kubectl and the release files beside the repository')
  process.exit(0)
}
const kubectl: number[] = []
const kntool: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  kubectl.push(
    await onEmptyServer(() => {
      for (const files of KUBECTL) run('kubectl', ['apply', '--server-side', ...files])
    }),
  )
  kntool.push(await onEmptyServer(() => run(process.execPath, KNTOOL)))
}
const value = median(kntool)
const ratio = value / median(kubectl)
const peer = 'kubectl apply --server-side'
report({name: 'install of the release files', value, unit: 'ms', ratio, peer, budget: '≤ 1 ×'})
rmSync(home, {recursive: true})

async function onEmptyServer(work: () => void): Promise<number> {
  const server = await startBareApi(env.KUBECONFIG)
  const begun = performance.now()
  work()
  const elapsedMs = performance.now() - begun
  server.stop()
  return elapsedMs
}

function run(command: string, args: readonly string[]): void {
  const {status, stderr} = spawnSync(command, args, {env, encoding: 'utf8'})
  if (process.env['BENCH_VERBOSE']) console.error(stderr)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
}
