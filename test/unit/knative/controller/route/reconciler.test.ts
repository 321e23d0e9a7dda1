import {describe, expect, test} from 'vitest'
import {CORE_SERVICES, ENDPOINTS} from '../../../../../src/api/core/v1.ts'
import {KINGRESSES} from '../../../../../src/api/networking/v1alpha1.ts'
import {CONFIGURATIONS, REVISIONS, type Route, ROUTES} from '../../../../../src/api/serving/v1.ts'
import {createRouteController} from '../../../../../src/knative/controller/route/controller.ts'
import {
  aConfiguration,
  aRevision,
  aRoute,
  notReady,
  ready,
  summarize,
} from '../../../../support/builders.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

const CONFIG_DOMAIN = {'config-domain': {'example.com': ''}}
const NOT_CONFIGURED = 'Unknown IngressNotConfigured Ingress has not yet been reconciled.'
const LOAD_BALANCERS = {
  publicLoadBalancer: {ingress: [{domainInternal: 'public.istio-system.svc.cluster.local'}]},
  privateLoadBalancer: {ingress: [{domainInternal: 'local.istio-system.svc.cluster.local'}]},
}

/** A world with a Route, and a Configuration whose revision 1 is ready. */
async function given(route: Route, configMaps: Record<string, Record<string, string>> = {}) {
  const world = await ReconcileWorld.start({...CONFIG_DOMAIN, ...configMaps})
  const controller = createRouteController(world.deps())
  await world.given(CONFIGURATIONS, {
    ...aConfiguration(),
    status: ready({latestReadyRevisionName: 'hello-00001'}),
  })
  await world.given(REVISIONS, {...aRevision('hello-00001'), status: ready()})
  await world.given(REVISIONS, {...aRevision('hello-00002'), status: ready()})
  await world.given(ROUTES, route)
  return {world, controller}
}

async function conditionsOf(world: ReconcileWorld): Promise<Record<string, string>> {
  return summarize((await world.get(ROUTES, 'hello')).status)
}

async function splitsOf(world: ReconcileWorld): Promise<string> {
  const {spec} = await world.get(KINGRESSES, 'hello')
  const [path] = spec.rules?.[0]?.http?.paths ?? []
  return (path?.splits ?? []).map(({serviceName, percent}) => `${serviceName}=${percent}`).join(' ')
}

describe('the route reconciler', () => {
  test('makes a placeholder and a KIngress, and waits for the KIngress', async () => {
    const {world, controller} = await given(aRoute())
    await using _world = world

    await world.reconcile(controller, 'hello')

    const {status} = await world.get(ROUTES, 'hello')
    expect(status).toMatchObject({
      url: 'http://hello.default.example.com',
      address: {url: 'http://hello.default.svc.cluster.local'},
      traffic: [{revisionName: 'hello-00001', latestRevision: true, percent: 100}],
      observedGeneration: 1,
    })
    expect(summarize(status)).toEqual({
      AllTrafficAssigned: 'True',
      CertificateProvisioned: 'True TLSNotEnabled external-domain-tls is not enabled',
      IngressReady: NOT_CONFIGURED,
      Ready: NOT_CONFIGURED,
    })
    const {spec} = await world.get(CORE_SERVICES, 'hello')
    expect(spec).toMatchObject({type: 'ExternalName', externalName: 'hello.default.example.com'})
    expect(await world.events()).toEqual([
      'Normal Created Created placeholder service "hello"',
      'Normal Created Created Ingress "hello"',
    ])
    expect(world.writes).toHaveLength(3)
  })

  test('becomes ready with its KIngress and leads the placeholder there', async () => {
    const {world, controller} = await given(aRoute())
    await using _world = world
    await world.reconcile(controller, 'hello')
    await world.setStatus(KINGRESSES, 'hello', ready(LOAD_BALANCERS))

    await world.reconcile(controller, 'hello')

    expect(await conditionsOf(world)).toMatchObject({IngressReady: 'True', Ready: 'True'})
    const {spec} = await world.get(CORE_SERVICES, 'hello')
    expect(spec.externalName).toBe('local.istio-system.svc.cluster.local')
  })

  test.each([
    ['no revision yet', notReady('Unknown', ''), 'is waiting for a Revision to become ready.'],
    ['only a failed one', notReady('False', 'x'), 'does not have any ready Revision.'],
  ])('stays as it is while its Configuration has %s', async (_name, status, message) => {
    await using world = await ReconcileWorld.start(CONFIG_DOMAIN)
    const controller = createRouteController(world.deps())
    await world.given(CONFIGURATIONS, {...aConfiguration(), status})
    await world.given(ROUTES, aRoute())

    await world.reconcile(controller, 'hello')

    const state = status.conditions[0]?.status
    expect(await conditionsOf(world)).toMatchObject({
      AllTrafficAssigned: `${state} RevisionMissing Configuration "hello" ${message}`,
      Ready: `${state} RevisionMissing Configuration "hello" ${message}`,
    })
    expect(await world.list(KINGRESSES)).toEqual([])
    expect((await world.get(ROUTES, 'hello')).status?.url).toBe('http://hello.default.example.com')
  })

  test('keeps sending traffic where it went when a new target is missing', async () => {
    const {world, controller} = await given(aRoute())
    await using _world = world
    await world.reconcile(controller, 'hello')
    await world.patch(ROUTES, 'hello', {
      spec: {traffic: [{revisionName: 'nosuch', percent: 100, latestRevision: false}]},
    })

    await world.reconcile(controller, 'hello')

    expect(await splitsOf(world)).toBe('hello-00001=100')
    expect(await conditionsOf(world)).toMatchObject({
      Ready: 'False RevisionMissing Revision "nosuch" referenced in traffic not found.',
    })
  })

  test('serves each tag under a host of its own, and forgets tags that are gone', async () => {
    const {world, controller} = await given(
      aRoute([
        {configurationName: 'hello', latestRevision: true, percent: 100},
        {revisionName: 'hello-00002', latestRevision: false, percent: 0, tag: 'next'},
      ]),
    )
    await using _world = world
    await world.reconcile(controller, 'hello')
    const {status} = await world.get(ROUTES, 'hello')
    expect(status?.traffic?.[1]).toEqual({
      revisionName: 'hello-00002',
      latestRevision: false,
      percent: 0,
      tag: 'next',
      url: 'http://next-hello.default.example.com',
    })
    const {spec} = await world.get(KINGRESSES, 'hello')
    expect(spec.rules?.map(({hosts, visibility}) => [visibility, hosts?.at(-1)])).toEqual([
      ['ClusterLocal', 'hello.default.svc.cluster.local'],
      ['ExternalIP', 'hello.default.example.com'],
      ['ClusterLocal', 'next-hello.default.svc.cluster.local'],
      ['ExternalIP', 'next-hello.default.example.com'],
    ])

    await world.patch(ROUTES, 'hello', {spec: {traffic: aRoute().spec.traffic}})
    await world.reconcile(controller, 'hello')

    expect((await world.list(CORE_SERVICES)).map(({metadata}) => metadata.name)).toEqual(['hello'])
    expect((await world.get(KINGRESSES, 'hello')).spec.rules).toHaveLength(2)
  })

  test('takes tags from a header where that is switched on', async () => {
    const {world, controller} = await given(
      aRoute([
        {configurationName: 'hello', latestRevision: true, percent: 100},
        {revisionName: 'hello-00002', latestRevision: false, percent: 0, tag: 'next'},
      ]),
      {'config-features': {'tag-header-based-routing': 'enabled'}},
    )
    await using _world = world

    await world.reconcile(controller, 'hello')

    const {spec} = await world.get(KINGRESSES, 'hello')
    const [own, , tagged] = spec.rules ?? []
    expect(own?.http?.paths.map(({headers, appendHeaders}) => ({headers, appendHeaders}))).toEqual([
      {headers: {'Knative-Serving-Tag': {exact: 'next'}}, appendHeaders: undefined},
      {headers: undefined, appendHeaders: {'Knative-Serving-Default-Route': 'true'}},
    ])
    expect(tagged?.http?.paths.map(({appendHeaders}) => appendHeaders)).toEqual([
      {'Knative-Serving-Tag': 'next'},
    ])
  })

  test('keeps a cluster-local Route inside of the cluster', async () => {
    const {world, controller} = await given(
      aRoute(undefined, {labels: {'networking.knative.dev/visibility': 'cluster-local'}}),
    )
    await using _world = world

    await world.reconcile(controller, 'hello')

    expect((await world.get(ROUTES, 'hello')).status?.url).toBe(
      'http://hello.default.svc.cluster.local',
    )
    const {spec} = await world.get(KINGRESSES, 'hello')
    expect(spec.rules?.map(({visibility}) => visibility)).toEqual(['ClusterLocal'])
    const {metadata} = await world.get(CORE_SERVICES, 'hello')
    expect(metadata.labels).not.toHaveProperty('networking.knative.dev/visibility')
  })

  test('hides a single tag whose placeholder says so', async () => {
    const {world, controller} = await given(
      aRoute([
        {configurationName: 'hello', latestRevision: true, percent: 100},
        {revisionName: 'hello-00002', latestRevision: false, percent: 0, tag: 'next'},
      ]),
    )
    await using _world = world
    await world.reconcile(controller, 'hello')
    await world.patch(CORE_SERVICES, 'next-hello', {
      metadata: {labels: {'networking.knative.dev/visibility': 'cluster-local'}},
    })

    await world.reconcile(controller, 'hello')

    const {status} = await world.get(ROUTES, 'hello')
    expect(status?.url).toBe('http://hello.default.example.com')
    expect(status?.traffic?.[1]?.url).toBe('http://next-hello.default.svc.cluster.local')
    expect((await world.get(KINGRESSES, 'hello')).spec.rules).toHaveLength(3)
  })

  test('says that a host is no domain name', async () => {
    const tag = 't'.repeat(62)
    const {world, controller} = await given(
      aRoute([{configurationName: 'hello', latestRevision: true, percent: 100, tag}]),
    )
    await using _world = world

    await expect(world.reconcile(controller, 'hello')).rejects.toThrow('must be no more than 63')

    expect(await conditionsOf(world)).toMatchObject({
      AllTrafficAssigned: `Unknown Unknown invalid domain name "${tag}-hello.default.example.com": url: Invalid value: "${tag}-hello": must be no more than 63 characters`,
    })
  })

  test('refuses a core Service of its name that is not its own', async () => {
    const {world, controller} = await given(aRoute())
    await using _world = world
    await world.given(CORE_SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: 'hello'},
      spec: {ports: [{port: 80}]},
    })

    await expect(world.reconcile(controller, 'hello')).rejects.toThrow('does not own Service')

    expect(await conditionsOf(world)).toMatchObject({
      IngressReady:
        'False NotOwned There is an existing placeholder Service "hello" that we do not own.',
    })
  })

  test('makes the placeholder headless where the ingress is an address', async () => {
    const {world, controller} = await given(aRoute())
    await using _world = world
    await world.reconcile(controller, 'hello')
    const ingress = [{ip: '10.1.2.3'}]
    await world.setStatus(KINGRESSES, 'hello', ready({privateLoadBalancer: {ingress}}))

    await world.reconcile(controller, 'hello')

    const {spec} = await world.get(CORE_SERVICES, 'hello')
    expect(spec).toMatchObject({type: 'ClusterIP', clusterIP: 'None'})
    const {subsets} = await world.get(ENDPOINTS, 'hello')
    expect(subsets?.[0]?.addresses).toEqual([{ip: '10.1.2.3'}])

    // Back again: a Service that was headless has to be made anew.
    await world.setStatus(KINGRESSES, 'hello', ready(LOAD_BALANCERS))
    await world.reconcile(controller, 'hello')
    expect((await world.get(CORE_SERVICES, 'hello')).spec.type).toBe('ExternalName')
    expect(await world.find(ENDPOINTS, 'hello')).toBeUndefined()
  })

  test('moves traffic to a new revision step by step', async () => {
    const {world, controller} = await given(
      aRoute(undefined, {annotations: {'serving.knative.dev/rollout-duration': '20s'}}),
    )
    await using _world = world
    await world.reconcile(controller, 'hello')
    await world.setStatus(KINGRESSES, 'hello', ready(LOAD_BALANCERS))
    await world.reconcile(controller, 'hello')
    await world.setStatus(CONFIGURATIONS, 'hello', ready({latestReadyRevisionName: 'hello-00002'}))

    await world.reconcile(controller, 'hello')
    expect(await splitsOf(world)).toBe('hello-00001=99 hello-00002=1')
    expect(await conditionsOf(world)).toMatchObject({
      Ready:
        'Unknown RolloutInProgress A gradual rollout of the latest revision(s) is in progress.',
    })

    await world.clock.advance(400)
    await world.setStatus(KINGRESSES, 'hello', {...ready(LOAD_BALANCERS), observedGeneration: 2})
    const result = await world.reconcile(controller, 'hello')
    expect(result).toEqual({requeueAfterMs: 1000})

    await world.clock.advance(1000)
    await world.reconcile(controller, 'hello')
    expect(await splitsOf(world)).toBe('hello-00001=94 hello-00002=6')
    expect((await world.get(ROUTES, 'hello')).status?.traffic).toEqual([
      {revisionName: 'hello-00001', latestRevision: true, percent: 94},
      {revisionName: 'hello-00002', latestRevision: true, percent: 6},
    ])
  })

  test('is looked at again when its domain changes', async () => {
    const {world, controller} = await given(aRoute())
    await using _world = world
    await world.reconcile(controller, 'hello')
    const {queue} = controller
    while (queue.length > 0) queue.done((await queue.take()) ?? '')

    world.configure('config-domain', {'other.example.org': ''})

    expect(queue.length).toBe(1)
    await world.reconcile(controller, 'hello')
    expect((await world.get(ROUTES, 'hello')).status?.url).toBe(
      'http://hello.default.other.example.org',
    )
  })
})
