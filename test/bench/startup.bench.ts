/** How long the program takes to say something, beside `node -e 0`. Needs `npm run build`. */
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {median, report} from './figure.ts'

const ROUNDS = 15
const home = mkdtempSync(join(tmpdir(), 'kntool-bench-'))
const env = {PATH: process.env['PATH'] ?? '', HOME: home, NO_COLOR: '1'}

const commands: [name: string, args: string[], budget: string][] = [
  ['kntool --version', ['bin/run.js', '--version'], '≤ 1.5 ×'],
  ['kntool --help', ['bin/run.js', '--help'], '≤ 3 ×'],
  ['kntool service list --help', ['bin/run.js', 'service', 'list', '--help'], '≤ 3 ×'],
]

// Interleaved, so that a slow moment of the machine hits everybody alike.
const times = new Map<string, number[]>()
for (let round = 0; round < ROUNDS; round++) {
  measure('node', ['-e', '0'])
  for (const [name, args] of commands) measure(name, args)
}
const node = median(times.get('node') ?? [])
for (const [name, , budget] of commands) {
  const value = median(times.get(name) ?? [])
  report({name, value, unit: 'ms', ratio: value / node, peer: 'node -e 0', budget})
}
rmSync(home, {recursive: true})

function measure(name: string, args: string[]): void {
  const begun = performance.now()
  const {status, stderr} = spawnSync(process.execPath, args, {env, encoding: 'utf8'})
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`)
  times.set(name, [...(times.get(name) ?? []), performance.now() - begun])
}
