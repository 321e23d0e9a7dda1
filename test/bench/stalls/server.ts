/**
 * An embedded cluster in a process of its own whose event loop is watched: for the bench of stalls.
 *
 * Prints where it listens as one JSON line. For each line that it is sent it answers the longest
 * piece of work since the line before, in milliseconds of CPU time of the main thread: what else the
 * machine does meanwhile does not count. Runs until its standard input ends.
 */
import {createInterface} from 'node:readline'
import {startCluster} from '../../../src/local/start-cluster.ts'
import type {ServerAddress} from './measured-server.ts'

const cluster = await startCluster({listen: {}})
const address: ServerAddress = {
  kubeconfig: cluster.kubeconfig ?? '',
  apiUrl: cluster.apiUrl ?? '',
  gatewayUrl: cluster.gatewayUrl ?? '',
}
process.stdout.write(`${JSON.stringify(address)}\n`)

let before = process.threadCpuUsage()
let longestMs = 0
setInterval(look, 1)

function look(): void {
  const now = process.threadCpuUsage()
  longestMs = Math.max(longestMs, (now.user + now.system - before.user - before.system) / 1000)
  before = now
}

for await (const _line of createInterface({input: process.stdin})) {
  look()
  process.stdout.write(`${longestMs}\n`)
  longestMs = 0
}
process.exit(0)
