/** The published walkthrough: create, update, change a scale setting, split the traffic. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Service} from '../../../src/api/serving/v1.ts'
import {createGoldenCluster, type GoldenCluster} from '../../support/golden-cluster.ts'
import {goldenObjects} from '../../support/golden-objects.ts'
import {KUBERNETES_SERVICE} from './tolerances.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

const NAMESPACE = 'default'
const NAME = 'helloworld-go'

describe('the recorded walkthrough', needs(RECORDINGS), () => {
  let world: GoldenCluster
  beforeAll(async () => {
    world = await createGoldenCluster()
  })
  afterAll(() => world.stop())

  test.for(['a-create', 'b-update-env', 'c-window-annotation'])('%s', async (folder) => {
    const states = world.follow(NAMESPACE)
    await world.deploy(NAMESPACE, `${folder}/input.yaml`, NAME)
    expect(await world.differences(folder, NAMESPACE, KUBERNETES_SERVICE)).toEqual([])
    states.stop()
    expect(states.unexpected(`${folder}/timeline.jsonl`)).toEqual([])
  })

  test('traffic is split, tagged, untagged, sent to nobody and back', async () => {
    const states = world.follow(NAMESPACE)
    const problems: string[] = []
    for (const phase of ['1-split', '2-tags', '3-untag', '4-after-bad']) {
      const [service] = goldenObjects<Service>(`d-traffic/${phase}`, 'ksvc')
      await world.setTraffic(NAMESPACE, NAME, service?.spec.traffic ?? [])
      const found = await world.differences(`d-traffic/${phase}`, NAMESPACE, KUBERNETES_SERVICE)
      problems.push(...found.map((difference) => `${phase}: ${difference}`))
    }
    const answer = await world.cluster.fetch(`http://latest-${NAME}.default.knative.example.com/`)
    // While a target is missing, traffic stays where it was.
    expect(await answer.text()).toBe('Hello Go Sample v2!\n')

    await world.setTraffic(NAMESPACE, NAME, [{latestRevision: true, percent: 100}])
    states.stop()
    problems.push(...states.unexpected('d-traffic/timeline.jsonl'))
    expect(problems).toEqual([])
  })
  test('no component had anything to complain about', () => {
    expect(world.errors).toEqual([])
  })
})
