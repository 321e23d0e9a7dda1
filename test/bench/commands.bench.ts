/**
 * How long commands on a cluster take, beside `node -e 0` and beside kubectl and kn on the same
 * cluster, where they are installed. Needs `npm run build`.
 */
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {median, report} from './figure.ts'

const ROUNDS = 15
const PROGRAM = 'bin/run.js'
const IMAGE = 'ghcr.io/knative/helloworld-go'
const home = mkdtempSync(join(tmpdir(), 'kntool-bench-'))
const env: Record<string, string> = {
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  KNTOOL_HOME: home,
  NO_COLOR: '1',
}

interface Contestant {
  readonly name: string
  readonly command: string
  readonly args: (round: number) => string[]
  readonly budget?: string
}

const kntool = (name: string, args: Contestant['args'], budget?: string): Contestant => ({
  name: `kntool ${name}`,
  command: process.execPath,
  args: (round) => [PROGRAM, ...args(round)],
  ...(budget !== undefined && {budget}),
})

/** Programs that may be there, and what they are asked. */
const PEERS: readonly Contestant[] = [
  {name: 'kubectl get ksvc', command: 'kubectl', args: () => ['get', 'ksvc']},
  {name: 'kn service list', command: 'kn', args: () => ['service', 'list']},
  {name: 'kn service describe', command: 'kn', args: () => ['service', 'describe', 'web']},
]

const contestants = [
  kntool('service list', () => ['service', 'list'], '≤ 3 ×'),
  kntool('service describe', () => ['service', 'describe', 'web']),
  kntool('service create --no-wait', (round) => [
    'service',
    'create',
    `made-${round}`,
    '--image',
    IMAGE,
    '--no-wait',
  ]),
  ...PEERS.filter(({command}) => spawnSync(command, ['version', '--client']).error === undefined),
]

run(process.execPath, [PROGRAM, 'local', 'up', '--detach', '--gateway-port', '0'])
try {
  env['KUBECONFIG'] = run(process.execPath, [PROGRAM, 'local', 'kubeconfig', '--path']).trim()
  run(process.execPath, [PROGRAM, 'service', 'create', 'web', '--image', IMAGE])
  measureAll()
} finally {
  run(process.execPath, [PROGRAM, 'local', 'down'])
  rmSync(home, {recursive: true})
}

function measureAll(): void {
  const times = new Map<string, number[]>()
  const measure = (name: string, command: string, args: string[]): void => {
    const begun = performance.now()
    run(command, args)
    times.set(name, [...(times.get(name) ?? []), performance.now() - begun])
  }
  // Interleaved, so that a slow moment of the machine hits everybody alike.
  for (let round = 0; round < ROUNDS; round++) {
    measure('node', process.execPath, ['-e', '0'])
    for (const {name, command, args} of contestants) measure(name, command, args(round))
  }
  const node = median(times.get('node') ?? [])
  for (const {name, budget} of contestants) {
    const value = median(times.get(name) ?? [])
    const figure = {name, value, unit: 'ms', ratio: value / node, peer: 'node -e 0'}
    report({...figure, ...(budget !== undefined && {budget})})
  }
}

function run(command: string, args: string[]): string {
  const {status, stdout, stderr} = spawnSync(command, args, {env, encoding: 'utf8'})
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}
