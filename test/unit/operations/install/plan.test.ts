import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {type Deployment, DEPLOYMENTS} from '../../../../src/api/apps/v1.ts'
import {CONFIG_MAPS} from '../../../../src/api/core/v1.ts'
import type {ApiRequest} from '../../../../src/api/transport.ts'
import {embeddedManifests, type ManifestSource} from '../../../../src/install/manifests.ts'
import {defaultWishes, type InstallWishes} from '../../../../src/install/settings.ts'
import type {PlanMode, PlannedChange} from '../../../../src/install/step.ts'
import {install, planInstall} from '../../../../src/operations/install/install.ts'
import {sleep} from '../../../../src/util/clock.ts'
import {InstallCluster} from '../../../support/install-cluster.ts'
import {WriteCounter} from '../../../support/write-counter.ts'

const AUTOSCALER = {namespace: 'knative-serving', name: 'autoscaler'}
const OBSERVABILITY = {namespace: 'knative-serving', name: 'config-observability'}

let cluster: InstallCluster
let sent: ApiRequest[]
beforeEach(async () => {
  cluster = await new InstallCluster().start()
  sent = []
  cluster.fault = (request) => {
    sent.push(request)
    return undefined
  }
})
afterEach(() => cluster.stop())

function request(wishes: Partial<InstallWishes> = {}) {
  return {
    wishes: {...defaultWishes('knative.example.com'), ...wishes},
    signal: new AbortController().signal,
    surroundings: {...cluster.aws, manifests: withReplicas()},
  }
}

async function isInstalled(): Promise<void> {
  await cluster.pass(install(cluster.connection, request()))
  sent.length = 0
}

/** The changes of a plan, of which the API server has to know nothing afterwards. */
async function plan(
  planBy: PlanMode,
  wishes: Partial<InstallWishes> = {},
): Promise<PlannedChange[]> {
  // The actors of the cluster come to rest first.
  await cluster.pass(sleep(cluster.clock, 2000))
  sent.length = 0
  const counter = await WriteCounter.start(cluster.client)
  counter.take()
  const {steps} = await cluster.pass(planInstall(cluster.connection, {...request(wishes), planBy}))
  expect(counter.take()).toEqual(new Map())
  counter.stop()
  return steps.filter(({id}) => id !== 'smoke-test').flatMap(({changes}) => changes)
}

/** Requests that would write, but for the reviews that preflight asks for. */
function writes(): ApiRequest[] {
  return sent.filter(({method, path}) => method !== 'GET' && !path.includes('authorization.k8s.io'))
}

describe.each(['client', 'server'] as const)('a plan by the %s', (planBy) => {
  test('on an empty cluster creates everything, and sends nothing that writes', async () => {
    const changes = await plan(planBy)
    expect(changes.filter(({action}) => action === 'create').length).toBeGreaterThan(40)
    expect(writes()).toEqual([])
  })

  test('of what is installed changes nothing', async () => {
    await isInstalled()
    const changes = await plan(planBy)
    expect(changes.filter(({action}) => action !== 'none' && action !== 'call')).toEqual([])
    expect(changes.length).toBeGreaterThan(40)
  })

  test('shows each field that somebody changed', async () => {
    await isInstalled()
    await cluster.client.patch(
      CONFIG_MAPS,
      OBSERVABILITY,
      {type: 'merge', body: {metadata: {labels: {'app.kubernetes.io/component': 'mine'}}}},
      {fieldManager: 'kubectl-edit'},
    )
    const change = (await plan(planBy)).find(
      ({object}) => object === 'configmap/config-observability',
    )
    expect(change).toMatchObject({
      action: 'change',
      diff: [
        '- metadata.labels."app.kubernetes.io/component": "mine"',
        '+ metadata.labels."app.kubernetes.io/component": "observability"',
      ],
    })
  })
})

test('the server is asked by dry runs, and only about what is there', async () => {
  await isInstalled()
  await cluster.client.delete(CONFIG_MAPS, OBSERVABILITY)
  const changes = await plan('server')
  expect(writes().length).toBeGreaterThan(40)
  expect(new Set(writes().map(({query}) => query?.['dryRun']))).toEqual(new Set(['All']))
  expect(writes().some(({path}) => path.endsWith('/config-observability'))).toBe(false)
  expect(changes).toContainEqual({action: 'create', object: 'configmap/config-observability'})
})

test('the client only reads', async () => {
  await isInstalled()
  await plan('client')
  expect(writes()).toEqual([])
})

test('what others set is shown as an installation would take it', async () => {
  await isInstalled()
  const merge = (body: object) =>
    cluster.client.patch(
      DEPLOYMENTS,
      AUTOSCALER,
      {type: 'merge', body},
      {fieldManager: 'kubectl-edit'},
    )
  await merge({spec: {replicas: 3}})
  const kept = (await plan('server')).find(({object}) => object === 'deployment.apps/autoscaler')
  expect(kept).toEqual({
    action: 'none',
    object: 'deployment.apps/autoscaler',
    detail: 'keeps .spec.replicas as kubectl-edit set it',
  })
  await merge({metadata: {labels: {'app.kubernetes.io/name': 'mine'}}})
  const refused = (await plan('server')).find(({object}) => object === 'deployment.apps/autoscaler')
  expect(refused?.detail).toBe(
    'would be refused: kubectl-edit set .metadata.labels.app.kubernetes.io/name (--force-conflicts)',
  )
})

test('names every call to AWS', async () => {
  const changes = await plan('client', {dns: 'route53'})
  const calls = changes.filter(({action}) => action === 'call').map(({object}) => object)
  expect(new Set(calls)).toEqual(
    new Set([
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeTags',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeTargetHealth',
      'route53:ListHostedZonesByName',
      'route53:ListResourceRecordSets',
      'route53:ChangeResourceRecordSets',
      'route53:GetChange',
    ]),
  )
  expect(cluster.aws.changes).toEqual([])
})

/** The release, with the replicas of the autoscaler said as in a genuine one. */
function withReplicas(): ManifestSource {
  const source = embeddedManifests()
  return {
    ...source,
    async load(file) {
      const objects = structuredClone(await source.load(file))
      const autoscaler = objects.find(
        ({kind, metadata}) => kind === 'Deployment' && metadata.name === AUTOSCALER.name,
      ) as Deployment | undefined
      if (autoscaler !== undefined) autoscaler.spec.replicas = 1
      return objects
    },
  }
}
