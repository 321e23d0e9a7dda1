import {readFileSync} from 'node:fs'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {defaultWishes} from '../../../../src/install/settings.ts'
import {embeddedManifests} from '../../../../src/install/manifests.ts'
import {install} from '../../../../src/operations/install/install.ts'
import type {InstallObserver} from '../../../../src/operations/install/run-steps.ts'
import {installBeginLine, installEventLine} from '../../../../src/ui/install/install-events.ts'
import {machineText} from '../../../../src/ui/machine-text.ts'
import {InstallCluster} from '../../../support/install-cluster.ts'
import {schemaProblems} from '../../../support/json-schema.ts'

type Line = Record<string, unknown> & {type: string}

const SCHEMA = JSON.parse(readFileSync('docs/install-events.schema.json', 'utf8'))

let cluster: InstallCluster
beforeEach(async () => {
  cluster = await new InstallCluster().start()
})
afterEach(() => cluster.stop())

/** The lines of a run, with the result if there is one. */
async function linesOf(): Promise<Line[]> {
  let text = ''
  const observer: InstallObserver = {
    onBegin: (steps) => (text += installBeginLine(steps, cluster.clock.now())),
    onEvent: (event) => (text += installEventLine(event, cluster.clock.now())),
  }
  const running = install(
    cluster.connection,
    {
      wishes: defaultWishes('knative.example.com'),
      signal: new AbortController().signal,
      surroundings: {...cluster.aws, manifests: embeddedManifests()},
    },
    observer,
  )
  await cluster.pass(
    running.then(
      async (outcome) => (text += await machineText(outcome, 'ndjson')),
      () => undefined,
    ),
  )
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

function problemsOf(lines: readonly Line[]): string[] {
  return lines.flatMap((line) => schemaProblems(SCHEMA, line))
}

describe('the lines of --output ndjson', () => {
  test('fit the schema, from the first to the result', async () => {
    const lines = await linesOf()
    expect(problemsOf(lines)).toEqual([])
    expect(lines[0]?.type).toBe('began')
    expect(lines.at(-1)?.type).toBe('result')
    expect(new Set(lines.map(({type}) => type))).toEqual(
      new Set(['began', 'started', 'progress', 'waiting', 'skipped', 'finished', 'result']),
    )
  })

  test('fit the schema where a step fails, which is the last line', async () => {
    cluster.absent = {pods: true}
    const lines = await linesOf()
    expect(problemsOf(lines)).toEqual([])
    expect(lines.at(-1)).toMatchObject({
      type: 'failed',
      step: 'serving-core',
      error: {code: 'KN_TIMEOUT'},
    })
  })

  test('every step that began ends once', async () => {
    const lines = await linesOf()
    const ends = lines.filter(({type}) => ['skipped', 'finished', 'failed'].includes(type))
    const began = lines.filter(({type}) => type === 'started')
    expect(ends.map(({step}) => step)).toEqual(began.map(({step}) => step))
    const [first] = lines
    expect(first?.['steps']).toEqual(began.map(({step, title}) => ({id: step, title})))
  })

  test.each([
    [{type: 'waiting', for: 'x'}],
    [{time: '2024-04-22T00:00:00.000Z', type: 'finished', step: 'a', index: 0, total: 1}],
    [{type: 'result', cluster: 'c', steps: [{id: 'a', title: 'A', state: 'failed'}]}],
    [{time: 'now', type: 'began', steps: []}],
  ])('the schema refuses %j', (line) => {
    expect(problemsOf([line])).not.toEqual([])
  })
})
