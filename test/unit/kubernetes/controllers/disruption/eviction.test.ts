import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {type Deployment, DEPLOYMENTS} from '../../../../../src/api/apps/v1.ts'
import {type Pod, PODS} from '../../../../../src/api/core/v1.ts'
import {POD_DISRUPTION_BUDGETS, type PodDisruptionBudget} from '../../../../../src/api/policy/v1.ts'
import {NodeCluster, OK_IMAGE} from '../../../../support/node-cluster.ts'

const SITE: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'site', namespace: 'default'},
  spec: {
    replicas: 2,
    selector: {matchLabels: {app: 'site'}},
    template: {
      metadata: {labels: {app: 'site'}},
      spec: {containers: [{name: 'main', image: OK_IMAGE}]},
    },
  },
}

describe('an eviction', () => {
  let cluster: NodeCluster
  beforeEach(async () => {
    cluster = await new NodeCluster().start()
    await cluster.client.create(DEPLOYMENTS, SITE)
    await cluster.clock.advance(2000)
  })
  afterEach(() => cluster.stop())

  async function protect(name: string, spec: PodDisruptionBudget['spec']): Promise<void> {
    await cluster.client.create(POD_DISRUPTION_BUDGETS, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: {name, namespace: 'default'},
      spec: {selector: {matchLabels: {app: 'site'}}, ...spec},
    })
    await cluster.clock.advance(100)
  }
  async function running(): Promise<Pod[]> {
    const {items} = await cluster.client.list(PODS, {namespace: 'default'})
    return items.filter(({metadata}) => metadata.deletionTimestamp === undefined)
  }
  async function evict(name: string, query = {}): Promise<{status: number; value: unknown}> {
    const answer = await cluster.apiServer.transport({username: 'admin', groups: []}).send({
      method: 'POST',
      path: `/api/v1/namespaces/default/pods/${name}/eviction`,
      query,
      body: {apiVersion: 'policy/v1', kind: 'Eviction', metadata: {name}},
    })
    return {status: answer.status, value: answer.body.kind === 'json' ? answer.body.value : ''}
  }

  test('takes one pod after another, as fast as they are replaced', async () => {
    await protect('one-stays', {minAvailable: 1})
    const [first, second] = (await running()).map(({metadata}) => metadata.name)
    expect((await evict(first ?? '')).status).toBe(201)
    expect(await evict(second ?? '')).toEqual({
      status: 429,
      value: {
        apiVersion: 'v1',
        kind: 'Status',
        metadata: {},
        status: 'Failure',
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        reason: 'TooManyRequests',
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The disruption budget one-stays needs 1 healthy pods and has 2 currently',
            },
          ],
        },
        code: 429,
      },
    })
    await cluster.clock.advance(5000)
    expect((await evict(second ?? '')).status).toBe(201)
    await cluster.clock.advance(40_000)
    const names = (await running()).map(({metadata}) => metadata.name)
    expect(names).toHaveLength(2)
    expect(names).not.toContain(first)
    expect(names).not.toContain(second)
  })

  test('waits while nothing is ready that could take over', async () => {
    await protect('both-stay', {minAvailable: 2})
    const key = {namespace: 'default', name: 'both-stay'}
    const {status} = await cluster.client.get(POD_DISRUPTION_BUDGETS, key)
    expect(status).toMatchObject({disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2})
    const [pod] = await running()
    expect((await evict(pod?.metadata.name ?? '')).status).toBe(429)
    expect(await running()).toHaveLength(2)
  })

  test('says in the status of the pod why it ends', async () => {
    const [pod] = await running()
    const watch = pod?.metadata.name ?? ''
    await evict(watch)
    const evicted = await cluster.client.get(PODS, {namespace: 'default', name: watch})
    expect(evicted.status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'EvictionByEvictionAPI',
        message: 'Eviction API: evicting',
      }),
    )
  })

  test('that is only tried takes nothing', async () => {
    await protect('one-stays', {minAvailable: 1})
    const [pod] = await running()
    expect((await evict(pod?.metadata.name ?? '', {dryRun: 'All'})).status).toBe(201)
    expect(await running()).toHaveLength(2)
    expect(
      (await cluster.client.get(POD_DISRUPTION_BUDGETS, {namespace: 'default', name: 'one-stays'}))
        .status?.disruptionsAllowed,
    ).toBe(1)
  })

  test('does not know what to do about two budgets', async () => {
    await protect('one', {minAvailable: 1})
    await protect('two', {minAvailable: 1})
    const [pod] = await running()
    expect(await evict(pod?.metadata.name ?? '')).toMatchObject({
      status: 500,
      value: {
        message:
          'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      },
    })
  })

  test('follows the scale of the deployment', async () => {
    await protect('one-less', {maxUnavailable: 1})
    const key = {namespace: 'default', name: 'site'}
    await cluster.client.patch(DEPLOYMENTS, key, {type: 'merge', body: {spec: {replicas: 4}}})
    await cluster.clock.advance(2000)
    const budget = await cluster.client.get(POD_DISRUPTION_BUDGETS, {
      namespace: 'default',
      name: 'one-less',
    })
    expect(budget.status).toMatchObject({
      disruptionsAllowed: 1,
      currentHealthy: 4,
      desiredHealthy: 3,
      expectedPods: 4,
    })
  })
})
