import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {DEPLOYMENTS} from '../../../../src/api/apps/v1.ts'
import {NODES} from '../../../../src/api/core/v1.ts'
import {embeddedManifests} from '../../../../src/install/manifests.ts'
import {defaultWishes, type InstallWishes} from '../../../../src/install/settings.ts'
import {planInstall} from '../../../../src/operations/install/install.ts'
import {InstallCluster} from '../../../support/install-cluster.ts'

let cluster: InstallCluster
beforeEach(async () => {
  cluster = await new InstallCluster().start()
})
afterEach(() => cluster.stop())

/** What the plan of an installation says of the look before it. */
async function warnings(wishes: Partial<InstallWishes> = {}): Promise<readonly string[]> {
  const plan = await cluster.pass(
    planInstall(cluster.connection, {
      wishes: {...defaultWishes('knative.example.com'), ...wishes},
      signal: new AbortController().signal,
      surroundings: {...cluster.aws, manifests: embeddedManifests()},
    }),
  )
  return plan.steps.find(({id}) => id === 'preflight')?.warnings ?? []
}

describe('the look before an installation', () => {
  test('has nothing to say about a cluster that fits', async () => {
    expect(await warnings()).toEqual([])
  })

  test('only warns where nothing tells that the cluster is on AWS', async () => {
    cluster.version = 'v1.36.0'
    await cluster.client.delete(NODES, {name: 'ip-10-0-0-1'})
    await cluster.client.delete(DEPLOYMENTS, {
      namespace: 'kube-system',
      name: 'aws-load-balancer-controller',
    })
    expect(await warnings()).toEqual([
      'Istio 1.20 is tested on Kubernetes 1.25 to 1.29; this is 1.36.',
      'There is no AWS Load Balancer Controller in this cluster: nobody would make the NLB.',
    ])
  })

  test('asks AWS nothing where the cluster is elsewhere', async () => {
    await cluster.client.delete(NODES, {name: 'ip-10-0-0-1'})
    cluster.version = 'v1.29.0'
    cluster.aws.failure = new Error('AWS was asked')
    expect(await warnings({loadBalancer: 'service', dns: 'none'})).toEqual([])
  })
})
