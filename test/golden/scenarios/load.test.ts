/** What moves by itself: a gradual rollout, and the scale under load. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {ROUTES} from '../../../src/api/serving/v1.ts'
import {createGoldenCluster, type GoldenCluster} from '../../support/golden-cluster.ts'
import type {Tolerance} from '../../support/golden-compare.ts'
import {goldenText} from '../../support/golden-objects.ts'
import {OWN_STEPS} from './tolerances.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

/** A moment of the recorded rollout. */
interface RolloutSample {
  readonly routeReady: string
  readonly splits: readonly (readonly [revision: string, percent: number])[]
}

const OTHER_STEPS: readonly Tolerance[] = [
  {
    kinds: ['event'],
    name: /ScalingReplicaSet|SuccessfulCreate|SuccessfulDelete/,
    path: /^$/,
    reason: 'the recorded load came at another moment of a decision, and so in other steps',
  },
]

describe('over time', needs(RECORDINGS), () => {
  let world: GoldenCluster
  beforeAll(async () => {
    world = await createGoldenCluster()
  })
  afterAll(() => world.stop())

  test('a rollout of 20 s moves the traffic in the recorded steps', async () => {
    const namespace = 'k-ro'
    await world.createNamespace(namespace)
    await world.deploy(namespace, 'k-rollout-duration/input.yaml', 'ro')
    expect(await world.differences('k-rollout-duration/1', namespace)).toEqual([])

    await world.apply(namespace, 'k-rollout-duration/input2.yaml')
    const ours: string[] = []
    for (let second = 0; second < 30; second++) {
      const sample = await sampleRoute(namespace)
      if (ours.at(-1) !== sample) ours.push(sample)
      await world.pause(1)
    }
    expect(ours).toEqual(recordedRollout())
    expect(await world.differences('k-rollout-duration/2-after', namespace)).toEqual([])
  })

  test('the scale follows the load, to its bounds, to zero and back', async () => {
    const namespace = 'k-as'
    const host = 'as.k-as.knative.example.com'
    const problems: string[] = []
    const compare = async (phase: string): Promise<void> => {
      const found = await world.differences(`k-autoscaling/${phase}`, namespace, OTHER_STEPS)
      problems.push(...found.map((difference) => `${phase}: ${difference}`))
    }
    await world.createNamespace(namespace)
    const states = world.follow(namespace)
    await world.deploy(namespace, 'k-autoscaling/input.yaml', 'as')
    await compare('1-ready')
    const some = world.load(host, 35)
    await world.pause(20)
    await compare('2-load35')
    const many = world.load(host, 365)
    await world.pause(15)
    await compare('3-load400')

    await Promise.all([many(), some()])
    // Again and again, since a request that lasts keeps its pod.
    for (let round = 0; round < 15; round++) {
      const few = world.load(host, 5)
      await world.pause(3)
      await few()
    }
    await compare('4-load5')
    await world.pause(60)
    await compare('5-zero')
    const answer = await world.cluster.fetch(`http://${host}/`)
    expect(await answer.text()).toBe('Hello Go Sample v1!\n')
    await world.pause()
    await compare('6-cold-started')
    states.stop()
    problems.push(...states.unexpected('k-autoscaling/timeline.jsonl', OWN_STEPS))
    expect(problems).toEqual([])
  })

  async function sampleRoute(namespace: string): Promise<string> {
    const {status} = await world.client.get(ROUTES, {namespace, name: 'ro'})
    const ready = status?.conditions?.find(({type}) => type === 'Ready')?.status ?? ''
    const splits = (status?.traffic ?? []).map(
      ({revisionName = '', percent = 0}) => `${revisionName} ${percent}`,
    )
    return [ready, ...splits].join(', ')
  }
})

function recordedRollout(): string[] {
  const samples: string[] = []
  for (const line of goldenText('k-rollout-duration/samples.jsonl').trim().split('\n')) {
    const {routeReady, splits} = JSON.parse(line) as RolloutSample
    const sample = [routeReady, ...splits.map((split) => split.join(' '))].join(', ')
    if (samples.at(-1) !== sample) samples.push(sample)
  }
  return samples.slice(1)
}
