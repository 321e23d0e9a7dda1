/** The published walkthrough: create, update, change a scale setting, split the traffic. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Service} from '../../../src/api/serving/v1.ts'
import {createGoldenCluster, type GoldenCluster} from '../../support/golden-cluster.ts'
import {goldenObjects, hasGolden} from '../../support/golden-objects.ts'
import {KUBERNETES_SERVICE} from './tolerances.ts'

const NAMESPACE = 'default'
const NAME = 'helloworld-go'

// Skipped where the recordings of the genuine system (../shared/golden) are absent.
describe.skipIf(!hasGolden).sequential('the recorded walkthrough', () => {
  let world: GoldenCluster
  beforeAll(async () => {
    world = await createGoldenCluster()
  })
  afterAll(() => world.stop())

  test.for(['a-create', 'b-update-env', 'c-window-annotation'])('%s', async (folder) => {
    await world.deploy(NAMESPACE, `${folder}/input.yaml`, NAME)
    expect(await world.differences(folder, NAMESPACE, KUBERNETES_SERVICE)).toEqual([])
  })

  test.for(['1-split', '2-tags', '3-untag'])('traffic: %s', async (phase) => {
    await splitAsRecorded(`d-traffic/${phase}`)
    expect(await world.differences(`d-traffic/${phase}`, NAMESPACE, KUBERNETES_SERVICE)).toEqual([])
  })

  test('traffic to a missing revision moves nothing, and is forgotten when it is mended', async () => {
    const tags = [
      {latestRevision: false, percent: 0, revisionName: `${NAME}-00002`, tag: 'candidate'},
      {latestRevision: true, percent: 0, tag: 'latest'},
    ]
    const missing = {latestRevision: false, percent: 100, revisionName: 'nosuchrev'}
    await world.setTraffic(NAMESPACE, NAME, [...tags, missing])
    const answer = await world.cluster.fetch(`http://latest-${NAME}.default.knative.example.com/`)
    expect(await answer.text()).toBe('Hello Go Sample v2!\n')

    await splitAsRecorded('d-traffic/4-after-bad')
    const differences = await world.differences(
      'd-traffic/4-after-bad',
      NAMESPACE,
      KUBERNETES_SERVICE,
    )
    expect(differences).toEqual([])
  })

  async function splitAsRecorded(folder: string): Promise<void> {
    const [service] = goldenObjects<Service>(folder, 'ksvc')
    await world.setTraffic(NAMESPACE, NAME, service?.spec.traffic ?? [])
  }
})
