/** Services that cannot become ready: each state a person sees, at the ages that were recorded. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {createGoldenCluster, type GoldenCluster} from '../../support/golden-cluster.ts'
import type {Tolerance} from '../../support/golden-compare.ts'
import {
  OWN_STEPS,
  PRINTED_LATER,
  PULL_REASON,
  RECORDED_RACES,
  STAND_IN_KUBELET,
} from './tolerances.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

interface Failure {
  readonly folder: string
  /** Recorded phases and the seconds that pass before each. */
  readonly phases: readonly (readonly [phase: string, seconds: number])[]
  readonly tolerances?: readonly Tolerance[]
}

const FAILURES: readonly Failure[] = [
  {
    folder: 'crash',
    phases: [
      ['t3', 3],
      ['t12', 9],
    ],
    tolerances: STAND_IN_KUBELET,
  },
  {
    folder: 'imagepull',
    phases: [
      ['t3', 3],
      ['t12', 9],
    ],
    tolerances: [...STAND_IN_KUBELET, ...RECORDED_RACES],
  },
  {
    folder: 'imagepull-deadline20s',
    phases: [
      ['t3', 3],
      ['t25', 22],
      ['t75', 50],
    ],
    tolerances: [...STAND_IN_KUBELET, ...PULL_REASON, ...RECORDED_RACES, ...PRINTED_LATER],
  },
  {
    folder: 'neverready-deadline20s',
    phases: [
      ['t3', 3],
      ['t25', 22],
      ['t75', 50],
    ],
    tolerances: STAND_IN_KUBELET,
  },
  {
    folder: 'missing-serviceaccount',
    phases: [
      ['t3', 3],
      ['t12', 9],
    ],
  },
  {folder: 'traffic-missing-revision', phases: [['t3', 3]]},
]

describe('a Service that cannot become ready', needs(RECORDINGS), () => {
  let world: GoldenCluster
  beforeAll(async () => {
    world = await createGoldenCluster()
  })
  afterAll(() => world.stop())

  test.for(FAILURES)('$folder', async ({folder, phases, tolerances}) => {
    const namespace = `e-${folder}`
    await world.createNamespace(namespace)
    const states = world.follow(namespace)
    await world.apply(namespace, `e-failing/${folder}/input.yaml`)
    const problems: string[] = []
    for (const [phase, seconds] of phases) {
      await world.pause(seconds)
      const found = await world.differences(`e-failing/${folder}/${phase}`, namespace, tolerances)
      problems.push(...found.map((difference) => `${phase}: ${difference}`))
    }
    states.stop()
    problems.push(...states.unexpected(`e-failing/${folder}/timeline.jsonl`, OWN_STEPS))
    expect(problems).toEqual([])
  })
})
