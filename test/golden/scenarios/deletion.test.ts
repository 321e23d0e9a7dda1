/** What is deleted: revision in use, route, configuration, service. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {
  CONFIGURATIONS,
  REVISIONS,
  ROUTES,
  type Service,
  SERVICES,
} from '../../../src/api/serving/v1.ts'
import {createGoldenCluster, type GoldenCluster} from '../../support/golden-cluster.ts'
import {goldenObjects} from '../../support/golden-objects.ts'
import type {StateLog} from '../../support/golden-states.ts'
import {OWN_STEPS} from './tolerances.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

const NAMESPACE = 'h-del'

describe('deleting', needs(RECORDINGS), () => {
  let world: GoldenCluster
  let states: StateLog
  beforeAll(async () => {
    world = await createGoldenCluster()
    await world.createNamespace(NAMESPACE)
    states = world.follow(NAMESPACE)
    await world.deploy(NAMESPACE, 'h-deletion/input.yaml', 'gone')
    await world.deploy(NAMESPACE, 'h-deletion/input2.yaml', 'gone')
    const [service] = goldenObjects<Service>('h-deletion/1-before', 'ksvc')
    await world.setTraffic(NAMESPACE, 'gone', service?.spec.traffic ?? [])
  })
  afterAll(() => world.stop())

  test('nothing leaves two revisions and a tag', async () => {
    expect(await world.differences('h-deletion/1-before', NAMESPACE)).toEqual([])
  })

  test('a tagged revision makes the route say that it is missing', async () => {
    await world.delete(REVISIONS, NAMESPACE, 'gone-00001')
    const folder = 'h-deletion/2-revision-deleted-in-use'
    expect(await world.differences(folder, NAMESPACE)).toEqual([])
  })

  test('a route and a configuration brings them back, the revisions counted anew', async () => {
    await world.setTraffic(NAMESPACE, 'gone', [{latestRevision: true, percent: 100}])
    await world.delete(ROUTES, NAMESPACE, 'gone')
    // kubectl waited for two minutes for a route that was there again; the revision went to zero.
    await world.pause(120)
    await world.delete(CONFIGURATIONS, NAMESPACE, 'gone')
    expect(await world.differences('h-deletion/3-config-recreated', NAMESPACE)).toEqual([])
  })

  test('the service leaves nothing behind', async () => {
    await world.delete(SERVICES, NAMESPACE, 'gone')
    expect(await world.differences('h-deletion/4-after', NAMESPACE)).toEqual([])
    states.stop()
    expect(states.unexpected('h-deletion/timeline.jsonl', OWN_STEPS)).toEqual([])
  })
})
