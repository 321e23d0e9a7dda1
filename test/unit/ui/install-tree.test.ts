import {render} from 'ink-testing-library'
import {PassThrough} from 'node:stream'
import {createElement} from 'react'
import {describe, expect, test} from 'vitest'
import type {PipelineEvent, StepEvent} from '../../../src/install/pipeline.ts'
import {InstallTree} from '../../../src/ui/install/tree/install-tree.ts'
import {showInstallTree} from '../../../src/ui/install/tree/show-install-tree.ts'
import {
  afterEvent,
  fitSteps,
  pendingSteps,
  type TreeStep,
} from '../../../src/ui/install/tree/tree-model.ts'
import {FakeClock} from '../../../src/util/fake-clock.ts'

const STEPS = ['crds', 'core', 'istio', 'dns'].map((id) => ({id, title: `The ${id}`}))

/** The tree after events of steps, a second apart. */
function treeAfter(...events: [index: number, event: StepEvent][]): TreeStep[] {
  return events.reduce<TreeStep[]>(
    (tree, [index, event], second) =>
      afterEvent(
        tree,
        {step: STEPS[index], index, total: STEPS.length, ...event} as PipelineEvent,
        second * 1000,
      ),
    pendingSteps(STEPS),
  )
}

function frame(steps: readonly TreeStep[], nowMs: number, rows = 24): string[] {
  const {lastFrame, unmount} = render(createElement(InstallTree, {steps, nowMs, rows}))
  const lines = (lastFrame() ?? '').split('\n')
  unmount()
  return lines
}

describe('the tree of steps', () => {
  test('shows what ended with its time, what runs with what it waits for, what is to come', () => {
    const tree = treeAfter(
      [0, {type: 'started'}],
      [0, {type: 'finished', elapsedMs: 400}],
      [1, {type: 'started'}],
      [
        1,
        {
          type: 'waiting',
          for: 'the Deployment webhook (0 of 1 available)',
          warning: 'FailedScheduling: 0/3 nodes are available',
        },
      ],
    )
    expect(frame(tree, 14_000)).toEqual([
      '✓ The crds  0.4 s',
      '⠋ The core  12 s',
      '  waiting for the Deployment webhook (0 of 1 available)',
      '  ! FailedScheduling: 0/3 nodes are available',
      '· The istio',
      '· The dns',
    ])
  })

  test('says why a step is skipped, and keeps what a failed one waited for', () => {
    const tree = treeAfter(
      [0, {type: 'skipped', reason: 'no AWS here'}],
      [1, {type: 'started'}],
      [1, {type: 'waiting', for: 'a ready address'}],
      [1, {type: 'failed', error: new Error('no')}],
    )
    expect(frame(tree, 9000).slice(0, 3)).toEqual([
      '- The crds: no AWS here',
      '✗ The core  2.0 s',
      '  waiting for a ready address',
    ])
  })

  test('a warning goes when what comes next has none', () => {
    const tree = treeAfter(
      [0, {type: 'started'}],
      [0, {type: 'waiting', for: 'pods', warning: 'BackOff'}],
      [0, {type: 'waiting', for: 'an address'}],
    )
    expect(frame(tree, 3000).slice(0, 3)).toEqual([
      '⠋ The crds  3.0 s',
      '  waiting for an address',
      '· The core',
    ])
  })

  test('cuts lines where the terminal ends', () => {
    const long = treeAfter(
      [0, {type: 'started'}],
      [0, {type: 'waiting', for: `the Deployment ${'x'.repeat(200)}`}],
    )
    const lines = frame(long, 2000)
    expect(lines).toHaveLength(5)
    expect(Math.max(...lines.map((line) => line.length))).toBe(100)
  })

  test.each([
    [5, {above: 0, shown: ['crds', 'core', 'istio', 'dns'], below: 0}],
    [4, {above: 0, shown: ['crds', 'core'], below: 2}],
    [3, {above: 1, shown: ['core'], below: 2}],
    [1, {above: 1, shown: ['core'], below: 2}],
  ])('of a running tree, %i lines show %o', (rows, expected) => {
    const tree = treeAfter(
      [0, {type: 'started'}],
      [0, {type: 'finished', elapsedMs: 1}],
      [1, {type: 'started'}],
      [1, {type: 'progress', message: 'applying'}],
    )
    const {above, steps, below} = fitSteps(tree, rows)
    expect({above, shown: steps.map(({id}) => id), below}).toEqual(expected)
  })
})

test('the tree makes room for a question and comes back below it', async () => {
  const clock = new FakeClock()
  const screen = new PassThrough().setEncoding('utf8')
  const stream = Object.assign(screen, {columns: 80, rows: 24, isTTY: true}) as unknown
  const tree = showInstallTree({stream: stream as NodeJS.WriteStream, clock})
  tree.begin(STEPS)
  tree.event({step: {id: 'crds', title: 'The crds'}, index: 0, total: 4, type: 'started'})
  await clock.advance(200)
  await tree.hide()
  const shown = String(screen.read())
  expect(shown).toContain('The core')
  await clock.advance(1000)
  expect(screen.read()).toBeNull()
  tree.show()
  await tree.close()
  expect(String(screen.read())).toContain('The core')
})
