import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {CONFIG_MAPS, CORE_SERVICES} from '../../../../src/api/core/v1.ts'
import {SERVICES} from '../../../../src/api/serving/v1.ts'
import {embeddedManifests, type ManifestSource} from '../../../../src/install/manifests.ts'
import {folderSource} from '../../../../src/install/release/folder-source.ts'
import {defaultWishes, type InstallWishes} from '../../../../src/install/settings.ts'
import {readState} from '../../../../src/install/state.ts'
import {
  install,
  type InstallOutcome,
  type InstallRequest,
  planInstall,
} from '../../../../src/operations/install/install.ts'
import {genuineManifestPath} from '../../../support/genuine-manifests.ts'
import {InstallCluster} from '../../../support/install-cluster.ts'
import {needs, RELEASE_FILES} from '../../../support/requirements.ts'

const GATEWAY = {namespace: 'istio-system', name: 'istio-ingressgateway'}
const NLB_HOST = 'istio-ingressgateway-0123456789abcdef.elb.eu-central-1.amazonaws.com'

let cluster: InstallCluster
let manifests: ManifestSource
beforeEach(async () => {
  cluster = await new InstallCluster().start()
  manifests = embeddedManifests()
})
afterEach(() => cluster.stop())

function request(wishes: Partial<InstallWishes> = {}): InstallRequest {
  return {
    wishes: {...defaultWishes('knative.example.com'), ...wishes},
    signal: new AbortController().signal,
    surroundings: {...cluster.aws, manifests},
  }
}

function run(wishes: Partial<InstallWishes> = {}): Promise<InstallOutcome> {
  return cluster.pass(install(cluster.connection, request(wishes)))
}

describe('install on a cluster on AWS', () => {
  test(
    'a second run writes nothing that counts, as its plan says',
    needs(RELEASE_FILES),
    async () => {
      manifests = folderSource(genuineManifestPath('.'))
      await run()
      const before = await cluster.client.list(CONFIG_MAPS, {namespace: 'knative-serving'})
      const plan = await cluster.pass(planInstall(cluster.connection, request()))
      const changes = plan.steps
        .filter(({id}) => id !== 'smoke-test')
        .flatMap((step) => step.changes.filter(({action}) => !['none', 'call'].includes(action)))
      expect(changes).toEqual([])
      await run()
      const after = await cluster.client.list(CONFIG_MAPS, {namespace: 'knative-serving'})
      const versions = (list: typeof before): unknown =>
        list.items
          .filter(({metadata}) => metadata.name !== 'kntool-install')
          .map(({metadata}) => [metadata.name, metadata.resourceVersion])
      expect(versions(after)).toEqual(versions(before))
    },
  )

  test('brings everything, and proves the load balancer and a URL', async () => {
    const outcome = await run()
    expect(outcome).toMatchObject({
      cluster: 'context "test"',
      domain: 'knative.example.com',
      loadBalancer: NLB_HOST,
      provenUrl: 'http://kntool-smoke-test.default.knative.example.com',
    })
    expect(outcome.warnings).toBeUndefined()
    const {metadata, spec} = await cluster.client.get(CORE_SERVICES, GATEWAY)
    expect(spec.loadBalancerClass).toBe('service.k8s.aws/nlb')
    expect(metadata.annotations).toMatchObject({
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
      'service.beta.kubernetes.io/aws-load-balancer-name': 'istio-ingressgateway',
    })
    expect((await cluster.client.list(SERVICES)).items).toEqual([])
  })

  test('writes the Service of the gateway once: class and annotations are there from the first', async () => {
    await run()
    const writes = cluster.requests.filter((line) =>
      /^(PATCH|PUT|POST).*\/services\/istio-ingressgateway$/.test(line),
    )
    expect(writes).toHaveLength(1)
  })

  test('remembers in the cluster what it did', async () => {
    await run()
    expect(await readState(cluster.client)).toMatchObject({phase: 'installed', istio: 'kntool'})
  })

  test('a plan on an empty cluster writes nothing', async () => {
    const plan = await cluster.pass(planInstall(cluster.connection, request()))
    expect(plan.steps.flatMap(({changes}) => changes).length).toBeGreaterThan(40)
    expect(cluster.writes).toEqual([])
    expect(await cluster.hasNamespace('knative-serving')).toBe(false)
  })

  test('without waiting, everything is written and nothing is proven', async () => {
    cluster.absent = {pods: true, webhook: true, loadBalancerController: true, knative: true}
    const outcome = await run({wait: false})
    expect(outcome.provenUrl).toBeUndefined()
    expect(outcome.steps.filter(({state}) => state === 'skipped').map(({id}) => id)).toEqual([
      'load-balancer',
      'dns',
      'smoke-test',
    ])
    const {data} = await cluster.client.get(CONFIG_MAPS, {
      namespace: 'knative-serving',
      name: 'config-domain',
    })
    expect(data).toMatchObject({'knative.example.com': ''})
  })

  test('settings of ConfigMaps are set by their keys', async () => {
    await run({config: [{configMap: 'config-autoscaler', key: 'stable-window', value: '30s'}]})
    const {data} = await cluster.client.get(CONFIG_MAPS, {
      namespace: 'knative-serving',
      name: 'config-autoscaler',
    })
    expect(data?.['stable-window']).toBe('30s')
  })
})
