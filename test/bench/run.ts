/** Runs every bench in a process of its own and prints one table: `npm run bench [-- NAME…]`. */
import {spawn} from 'node:child_process'
import {readdirSync} from 'node:fs'
import {join} from 'node:path'

import {SERVER_NODE_FLAGS} from '../../src/cli/detached-child.ts'
import type {Figure} from './figure.ts'

const HERE = import.meta.dirname

/** The bench that is about what `local up` takes runs as that does. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {services: SERVER_NODE_FLAGS}

const wanted = process.argv.slice(2)
const names = readdirSync(HERE)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name))

let failed = false
for (const name of names) {
  console.log(`\n${name}`)
  const figures = await runBench(name)
  if (figures === undefined) {
    failed = true
    console.log('  failed')
    continue
  }
  for (const figure of figures) console.log(`  ${formatFigure(figure)}`)
}
process.exitCode = failed ? 1 : 0

function runBench(name: string): Promise<Figure[] | undefined> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        '--expose-gc',
        '--disable-warning=ExperimentalWarning',
        ...(FLAGS[name] ?? []),
        join(HERE, `${name}.bench.ts`),
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.on('close', (code) => {
      const lines = text.split('\n').filter((line) => line.startsWith('{'))
      resolve(code === 0 ? lines.map((line) => JSON.parse(line) as Figure) : undefined)
    })
  })
}

function formatFigure({name, value, unit, ratio, peer, budget}: Figure): string {
  const figure = `${value < 10 ? value.toFixed(2) : Math.round(value)} ${unit}`
  const against = ratio === undefined ? '' : `${ratio.toFixed(2)} × ${peer ?? ''}`
  return [name.padEnd(48), figure.padEnd(16), against.padEnd(34), budget ?? ''].join(' ').trimEnd()
}
