/**
 * The data plane (gateway → queue-proxy → container, and with the activator between) beside a bare
 * proxy of fifteen lines.
 *
 * Rounds alternate between the two, so that both get their share of whatever else the machine does;
 * the median of the rounds' ratios counts. Requests per second of processor time are given too:
 * they are what other work on the machine disturbs least.
 */
import {type ChildProcess, fork} from 'node:child_process'

import {median, report} from './figure.ts'
import type {LoadRequest, LoadResult} from './proxy-roles.ts'

const ROLES = new URL('./proxy-roles.ts', import.meta.url)
const ROUNDS = 7
const FULL_LOAD = {connections: 32, durationMs: 1000}
/** Requests while traffic moves between revisions every two milliseconds. */
const MOVED_REQUESTS = 1_000_000
const PEER = 'a bare node:http proxy'

interface Role {
  readonly port: number
  readonly process: ChildProcess
}

interface Round {
  readonly load: LoadResult
  readonly requestsPerCpuSecond: number
}

function start(role: string, target = 0): Promise<Role> {
  const process = fork(ROLES, [role, String(target)])
  return new Promise((resolve, reject) => {
    process.once('error', reject)
    process.once('message', ({port}: {port: number}) => resolve({port, process}))
  })
}

function ask<T>({process}: Role, message: object): Promise<T> {
  return new Promise((resolve) => {
    process.once('message', (answer: T) => resolve(answer))
    process.send(message)
  })
}

async function measure(
  client: Role,
  proxy: Role,
  options: Omit<LoadRequest, 'port'>,
): Promise<Round> {
  const before = await ask<{cpuMs: number}>(proxy, {})
  const load = await ask<LoadResult>(client, {...options, port: proxy.port})
  const after = await ask<{cpuMs: number}>(proxy, {})
  const requests = (load.requestsPerSecond * options.durationMs) / 1000
  return {load, requestsPerCpuSecond: requests / ((after.cpuMs - before.cpuMs) / 1000)}
}

async function compare(name: string, client: Role, bare: Role, ours: Role): Promise<void> {
  // The first rounds are for the compiler.
  await measure(client, bare, FULL_LOAD)
  await measure(client, ours, FULL_LOAD)
  const perSecond: number[] = []
  const throughput: number[] = []
  const perCpu: number[] = []
  const added: number[] = []
  let failures = 0
  for (let round = 0; round < ROUNDS; round++) {
    const peer = await measure(client, bare, FULL_LOAD)
    const own = await measure(client, ours, FULL_LOAD)
    perSecond.push(own.load.requestsPerSecond)
    throughput.push(own.load.requestsPerSecond / peer.load.requestsPerSecond)
    perCpu.push(own.requestsPerCpuSecond / peer.requestsPerCpuSecond)
    const half = {...FULL_LOAD, rate: peer.load.requestsPerSecond / 2}
    const peerHalf = await measure(client, bare, half)
    const ownHalf = await measure(client, ours, half)
    added.push(ownHalf.load.p99Ms - peerHalf.load.p99Ms)
    failures += own.load.failures + ownHalf.load.failures
  }
  report(
    {
      name: `${name}: requests`,
      value: median(perSecond),
      unit: '/s',
      ratio: median(throughput),
      peer: PEER,
      budget: '≥ 1 ×, goal 1.45 ×',
    },
    {
      name: `${name}: requests per second of CPU`,
      value: median(perCpu),
      unit: '× the peer',
    },
    {
      name: `${name}: p99 at half load beside the peer's`,
      value: median(added),
      unit: 'ms',
      budget: '≤ +2 ms',
    },
    {name: `${name}: failed requests`, value: failures, unit: '', budget: '0'},
  )
}

/** Requests that got no answer, or another one than the container's, while traffic moves. */
async function countLost(client: Role, moving: Role): Promise<void> {
  let requests = 0
  let lost = 0
  while (requests < MOVED_REQUESTS) {
    const load = await ask<LoadResult>(client, {...FULL_LOAD, port: moving.port})
    requests += load.requestsPerSecond * (FULL_LOAD.durationMs / 1000)
    lost += load.failures
  }
  report({
    name: `lost of ${Math.round(requests)} requests while traffic moves`,
    value: lost,
    unit: '',
    budget: '0',
  })
}

const upstream = await start('upstream')
const roles = await Promise.all([
  start('client'),
  start('bare', upstream.port),
  start('chain', upstream.port),
  start('activator', upstream.port),
  start('moving', upstream.port),
])
const [client, bare, chain, activator, moving] = roles
try {
  await compare('gateway → queue-proxy', client, bare, chain)
  await compare('gateway → activator → queue-proxy', client, bare, activator)
  await countLost(client, moving)
} finally {
  for (const {process: child} of [upstream, ...roles]) child.kill()
}
