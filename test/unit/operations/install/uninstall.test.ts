import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {DEPLOYMENTS} from '../../../../src/api/apps/v1.ts'
import {CONFIG_MAPS, CORE_SERVICES, NAMESPACES} from '../../../../src/api/core/v1.ts'
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  type CustomResourceDefinition,
} from '../../../../src/api/extensions/v1.ts'
import {VIRTUAL_SERVICES} from '../../../../src/api/istio/v1beta1.ts'
import {type Service, SERVICES} from '../../../../src/api/serving/v1.ts'
import {embeddedManifests} from '../../../../src/install/manifests.ts'
import {folderSource} from '../../../../src/install/release/folder-source.ts'
import {defaultWishes, type InstallWishes} from '../../../../src/install/settings.ts'
import {readState} from '../../../../src/install/state.ts'
import {install} from '../../../../src/operations/install/install.ts'
import {
  planUninstall,
  uninstall,
  type UninstallOutcome,
  type UninstallRequest,
} from '../../../../src/operations/install/uninstall.ts'
import {genuineManifestPath} from '../../../support/genuine-manifests.ts'
import {InstallCluster} from '../../../support/install-cluster.ts'
import {type InstallWorld, startInstallWorld} from '../../../support/install-world.ts'
import {externalDnsDeployment} from '../../../support/external-dns.ts'
import {needs, RELEASE_FILES} from '../../../support/requirements.ts'

const HELLO: Service = {
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: {name: 'hello', namespace: 'default'},
  spec: {template: {spec: {containers: [{image: 'ghcr.io/knative/helloworld-go'}]}}},
}
const LBC = {namespace: 'kube-system', name: 'aws-load-balancer-controller'}

describe('uninstall on a cluster on AWS', () => {
  let cluster: InstallCluster
  beforeEach(async () => {
    cluster = await new InstallCluster().start()
  })
  afterEach(() => cluster.stop())

  let manifests = embeddedManifests()
  const signal = new AbortController().signal

  async function isInstalled(wishes: Partial<InstallWishes> = {}): Promise<void> {
    await cluster.pass(
      install(cluster.connection, {
        wishes: {...defaultWishes('knative.example.com'), ...wishes},
        signal,
        surroundings: {...cluster.aws, manifests},
      }),
    )
    cluster.requests.length = 0
  }

  function request(given: Partial<UninstallRequest> = {}): UninstallRequest {
    return {
      deleteServices: false,
      signal,
      surroundings: {...cluster.aws, manifests},
      ...given,
    }
  }

  function run(given: Partial<UninstallRequest> = {}, agreed = true): Promise<UninstallOutcome> {
    return cluster.pass(
      uninstall(cluster.connection, request(given), {confirm: async () => agreed}),
    )
  }

  test('leaves nothing behind', async () => {
    const before = await everything(cluster)
    await isInstalled({dns: 'route53'})
    const {left, warnings, knativeVersion} = await run()
    expect({left, warnings, knativeVersion}).toEqual({
      left: [],
      warnings: [],
      knativeVersion: '1.13.1',
    })
    expect(await everything(cluster)).toEqual(before)
    expect([...cluster.aws.balancers.keys()]).toEqual([])
    expect(cluster.aws.records).toEqual([])
  })

  test('leaves nothing of a genuine release behind', needs(RELEASE_FILES), async () => {
    const before = await everything(cluster)
    manifests = folderSource(genuineManifestPath('.'))
    await isInstalled({withHpa: true})
    expect(await run()).toMatchObject({left: [], warnings: []})
    expect(await everything(cluster)).toEqual(before)
    manifests = embeddedManifests()
  })

  test('takes the Service of the gateway while its controller lives, and the CRDs last', async () => {
    await isInstalled()
    await run()
    const deletions = cluster.requests
      .filter((line) => line.startsWith('DELETE'))
      .map((line) => line.replace(/^DELETE \/(api|apis)\//, ''))
    const place = (text: string): number => deletions.findIndex((line) => line.endsWith(text))
    const order = [
      'deployments/net-istio-controller',
      'services/istio-ingressgateway',
      'deployments/istiod',
      'customresourcedefinitions/virtualservices.networking.istio.io',
      'validatingwebhookconfigurations/validation.webhook.serving.knative.dev',
      'deployments/controller',
      'customresourcedefinitions/services.serving.knative.dev',
      'namespaces/knative-serving',
    ].filter((text) => place(text) >= 0)
    expect(order.length).toBeGreaterThanOrEqual(7)
    expect(order.map(place)).toEqual(order.map(place).toSorted((a, b) => a - b))
    expect(deletions.at(-1)).toBe('v1/namespaces/knative-serving')
  })

  test('refuses to delete the kinds while there are Services, and changes nothing', async () => {
    await isInstalled()
    await cluster.client.create(SERVICES, HELLO)
    await expect(run()).rejects.toMatchObject({
      code: 'KN_CONFLICT',
      exitCode: 7,
      message:
        'Nothing was changed: with Knative, 1 of its objects on context "test" would be deleted: Service default/hello.',
    })
    expect(cluster.requests.filter((line) => !line.startsWith('GET'))).toEqual([])
  })

  test('takes the Services along where it is told so', async () => {
    await isInstalled()
    await cluster.client.create(SERVICES, HELLO)
    expect((await run({deleteServices: true})).left).toEqual([])
    const first = cluster.requests.find((line) => line.startsWith('DELETE'))
    expect(first).toBe('DELETE /apis/serving.knative.dev/v1/namespaces/default/services/hello')
  })

  test('changes nothing unless somebody agrees', async () => {
    await isInstalled()
    await expect(run({}, false)).rejects.toMatchObject({
      code: 'KN_CONFLICT',
      message:
        'Nobody agreed, and nothing was changed. What would happen: Knative 1.13.1, Istio, its gateway and the load balancer are removed from context "test".',
    })
    expect(cluster.requests.filter((line) => !line.startsWith('GET'))).toEqual([])
  })

  test('a plan names what would go and writes nothing', async () => {
    await isInstalled()
    const plan = await cluster.pass(planUninstall(cluster.connection, request()))
    const changes = plan.steps.flatMap((step) => step.changes)
    expect(changes).toContainEqual(
      expect.objectContaining({
        action: 'delete',
        object: 'service/istio-ingressgateway',
        detail: expect.stringMatching(/^and its load balancer istio-ingressgateway-.*amazonaws/),
      }),
    )
    expect(changes.filter(({action}) => action === 'delete').length).toBeGreaterThan(40)
    expect(cluster.requests.filter((line) => !line.startsWith('GET'))).toEqual([])
  })

  test('will not leave a load balancer that nobody would delete', async () => {
    await isInstalled()
    cluster.absent = {loadBalancerController: true}
    await cluster.client.delete(DEPLOYMENTS, LBC)
    await expect(run()).rejects.toMatchObject({
      code: 'KN_NOT_READY',
      message: expect.stringMatching(
        /^Nobody would delete the load balancer \S+ of istio-system\/istio-ingressgateway: there is no AWS Load Balancer Controller in the cluster\.$/,
      ),
    })
    expect(await cluster.client.find(CORE_SERVICES, GATEWAY)).toBeDefined()
  })

  test('waits for the load balancer and says who holds it; a rerun goes on', async () => {
    await isInstalled()
    cluster.absent = {loadBalancerController: true}
    const stopped = run()
    await expect(stopped).rejects.toMatchObject({
      code: 'KN_TIMEOUT',
      exitCode: 6,
      message: expect.stringMatching(
        /waiting for the load balancer controller to delete istio-ingressgateway-\S+ \(service\.k8s\.aws\/resources\)/,
      ),
    })
    expect(await readState(cluster.client)).toMatchObject({
      phase: 'uninstalling',
      uninstall: {withIstio: true, loadBalancer: expect.stringContaining('amazonaws')},
    })
    cluster.absent = {}
    expect((await run()).left).toEqual([])
    expect(await cluster.hasNamespace('knative-serving')).toBe(false)
  })

  test('Istio stays where others use it, and that is said', async () => {
    await isInstalled()
    await cluster.client.create(VIRTUAL_SERVICES, {
      apiVersion: 'networking.istio.io/v1beta1',
      kind: 'VirtualService',
      metadata: {name: 'shop', namespace: 'default'},
      spec: {hosts: ['shop.example.com']},
    })
    const {warnings, left} = await run()
    expect(warnings).toEqual([
      'Istio stays for VirtualService default/shop. Take it along: --with-istio',
    ])
    expect(left).toEqual([])
    expect(await cluster.client.find(CORE_SERVICES, GATEWAY)).toBeDefined()
    expect(await cluster.hasNamespace('knative-serving')).toBe(false)
  })

  test('leaves what the Knative Operator would bring back', async () => {
    await isInstalled()
    await cluster.client.create(CUSTOM_RESOURCE_DEFINITIONS, OPERATOR_CRD)
    await expect(run()).rejects.toMatchObject({
      code: 'KN_CONFLICT',
      message:
        'Knative on context "test" is managed by the Knative Operator, which would undo every change.',
    })
    expect(cluster.requests.filter((line) => !line.startsWith('GET'))).toEqual([])
  })

  test('names a record that ExternalDNS never deletes', async () => {
    await cluster.client.create(DEPLOYMENTS, externalDnsDeployment('--policy=upsert-only'))
    await isInstalled({dns: 'external-dns', wait: false})
    cluster.aws.records.push({
      name: '*.knative.example.com',
      type: 'A',
      alias: {
        hostname: 'istio-ingressgateway-0123456789abcdef.elb.eu-central-1.amazonaws.com',
        hostedZoneId: 'Z3F0SRJ5LGBH90',
      },
      values: [],
    } as never)
    expect((await run()).left).toEqual([
      'the DNS record *.knative.example.com: kube-system/external-dns has --policy=upsert-only: it never deletes a record',
    ])
  })

  test('a second time there is nothing to do', async () => {
    await isInstalled()
    await run()
    expect(await run()).toMatchObject({steps: [], left: []})
  })
})

describe('uninstall on the embedded cluster', () => {
  let world: InstallWorld
  beforeEach(async () => {
    world = await startInstallWorld()
  })
  afterEach(() => world.stop())

  test('asks nobody where there is no Service to lose', async () => {
    const signal = new AbortController().signal
    const {steps} = await world.pass(uninstall(world.connection, {deleteServices: false, signal}))
    expect(steps[0]).toMatchObject({id: 'services', state: 'done'})
  })

  test('takes Services and domain away, and leaves what the cluster is made of', async () => {
    const signal = new AbortController().signal
    await world.pass(
      install(world.connection, {wishes: defaultWishes('knative.example.com'), signal}),
    )
    await world.pass(world.client.create(SERVICES, HELLO))
    const outcome = await world.pass(
      uninstall(world.connection, {deleteServices: true, signal}, {confirm: async () => true}),
    )
    expect(outcome.steps.map(({id, state}) => `${id} ${state}`)).toEqual([
      'services done',
      'domain done',
      'serving-core skipped',
      'istio skipped',
      'net-istio skipped',
    ])
    expect(outcome.steps.at(-1)?.reason).toBe(
      'it stays, being a part of the embedded cluster itself',
    )
    expect((await world.client.list(SERVICES)).items).toEqual([])
    const {data} = await world.client.get(CONFIG_MAPS, {
      namespace: 'knative-serving',
      name: 'config-domain',
    })
    expect(data).toEqual({localhost: ''})
  })
})

const GATEWAY = {namespace: 'istio-system', name: 'istio-ingressgateway'}

const OPERATOR_CRD: CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: 'knativeservings.operator.knative.dev'},
  spec: {
    group: 'operator.knative.dev',
    scope: 'Namespaced',
    names: {kind: 'KnativeServing', plural: 'knativeservings'},
    versions: [
      {name: 'v1beta1', served: true, storage: true, schema: {openAPIV3Schema: {type: 'object'}}},
    ],
  },
}

/** The names of what an installation could leave behind. */
async function everything({client}: InstallCluster): Promise<string[]> {
  const lists = await Promise.all(
    [NAMESPACES, CUSTOM_RESOURCE_DEFINITIONS, DEPLOYMENTS, CORE_SERVICES, CONFIG_MAPS].map(
      async (type) =>
        (await client.list(type)).items.map(
          ({metadata: {namespace = '', name}}) => `${type.kind} ${namespace}/${name}`,
        ),
    ),
  )
  return lists
    .flat()
    .filter((name) => !name.endsWith('/kube-root-ca.crt'))
    .toSorted()
}
