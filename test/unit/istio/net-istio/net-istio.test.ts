import {afterEach, expect, test} from 'vitest'
import {ENDPOINTS, EVENTS} from '../../../../src/api/core/v1.ts'
import {GATEWAYS, VIRTUAL_SERVICES} from '../../../../src/api/istio/v1beta1.ts'
import {type KIngress, KINGRESSES} from '../../../../src/api/networking/v1alpha1.ts'
import {settle} from '../../../../src/util/fake-clock.ts'
import {GATEWAY_POD_IP} from '../../../support/istio-objects.ts'
import {ScalingWorld} from '../../../support/scaling-world.ts'

let world: ScalingWorld

afterEach(() => world.stop())

const KEY = {name: 'hello', namespace: 'default'}

function ingress(hosts: {local?: string; external?: string}): KIngress {
  const http = {
    paths: [
      {
        splits: [
          {serviceNamespace: 'default', serviceName: 'hello-00001', servicePort: 80, percent: 100},
        ],
      },
    ],
  }
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Ingress',
    metadata: {
      ...KEY,
      annotations: {'networking.knative.dev/ingress.class': 'istio.ingress.networking.knative.dev'},
    },
    spec: {
      rules: [
        ...(hosts.local === undefined
          ? []
          : [{hosts: [hosts.local], visibility: 'ClusterLocal' as const, http}]),
        ...(hosts.external === undefined
          ? []
          : [{hosts: [hosts.external], visibility: 'ExternalIP' as const, http}]),
      ],
    },
  }
}

const BOTH = {local: 'hello.default.svc.cluster.local', external: 'hello.default.example.com'}

async function conditions(): Promise<string[]> {
  const {status} = await world.client.get(KINGRESSES, KEY)
  return (status?.conditions ?? []).map(({type, status: value, reason = ''}) =>
    `${type}=${value} ${reason}`.trim(),
  )
}

async function virtualServices(): Promise<string[]> {
  const {items} = await world.client.list(VIRTUAL_SERVICES)
  return items.map(({metadata}) => metadata.name).toSorted()
}

test('a KIngress waits for the gateways and then tells where it is reachable', async () => {
  world = await ScalingWorld.start()
  world.gatewaysFollow = false
  await world.create(KINGRESSES, ingress(BOTH))
  await settle()
  expect(await virtualServices()).toEqual(['hello-ingress', 'hello-mesh'])
  expect(await conditions()).toEqual([
    'LoadBalancerReady=Unknown Uninitialized',
    'NetworkConfigured=True',
    'Ready=Unknown Uninitialized',
  ])
  world.gatewaysFollow = true
  await world.clock.advance(1_000)
  expect(await conditions()).toEqual([
    'LoadBalancerReady=True',
    'NetworkConfigured=True',
    'Ready=True',
  ])
  const {status} = await world.client.get(KINGRESSES, KEY)
  expect(status).toMatchObject({
    publicLoadBalancer: {
      ingress: [{domainInternal: 'istio-ingressgateway.istio-system.svc.cluster.local'}],
    },
    privateLoadBalancer: {
      ingress: [{domainInternal: 'knative-local-gateway.istio-system.svc.cluster.local'}],
    },
  })
})

test('the VirtualServices are announced in events', async () => {
  world = await ScalingWorld.start()
  await world.create(KINGRESSES, ingress(BOTH))
  await world.clock.advance(100)
  const {items} = await world.client.list(EVENTS)
  expect(items.map(({message}) => message)).toEqual(
    expect.arrayContaining([
      'Created VirtualService "hello-mesh"',
      'Created VirtualService "hello-ingress"',
    ]),
  )
})

test('the pods behind the gateways are asked, for a host of each rule', async () => {
  world = await ScalingWorld.start()
  await world.create(KINGRESSES, ingress(BOTH))
  await settle()
  expect(world.probed).toEqual([
    {host: BOTH.local, podIp: GATEWAY_POD_IP, podPort: 8081},
    {host: BOTH.external, podIp: GATEWAY_POD_IP, podPort: 8080},
  ])
})

const INGRESS_SERVICE = {name: 'istio-ingressgateway', namespace: 'istio-system'}
const INGRESS_GATEWAY = {name: 'knative-ingress-gateway', namespace: 'knative-serving'}

test('without a pod behind a gateway a KIngress waits, until there is one', async () => {
  world = await ScalingWorld.start()
  const {subsets} = await world.client.get(ENDPOINTS, INGRESS_SERVICE)
  const setSubsets = async (value: unknown): Promise<void> => {
    const body = {subsets: value}
    await world.client.patch(ENDPOINTS, INGRESS_SERVICE, {type: 'merge', body})
  }
  await setSubsets(null)
  await world.create(KINGRESSES, ingress(BOTH))
  await world.clock.advance(60_000)
  expect(await conditions()).toContain('LoadBalancerReady=Unknown Uninitialized')

  await setSubsets(subsets)
  await settle()
  expect(await conditions()).toContain('Ready=True')
})

test('a Gateway for other hosts keeps a KIngress waiting, until it takes the host', async () => {
  world = await ScalingWorld.start()
  const {spec} = await world.client.get(GATEWAYS, INGRESS_GATEWAY)
  const setHosts = async (hosts: string[]): Promise<void> => {
    const servers = spec.servers?.map((server) => ({...server, hosts}))
    await world.client.patch(GATEWAYS, INGRESS_GATEWAY, {type: 'merge', body: {spec: {servers}}})
  }
  await setHosts(['*.elsewhere.org'])
  await world.create(KINGRESSES, ingress(BOTH))
  await world.clock.advance(60_000)
  expect(await conditions()).toContain('LoadBalancerReady=Unknown Uninitialized')

  await setHosts(['*/*.default.example.com'])
  await settle()
  expect(await conditions()).toContain('Ready=True')
})

test('a Gateway that is gone is named in an event', async () => {
  world = await ScalingWorld.start()
  await world.client.delete(GATEWAYS, INGRESS_GATEWAY)
  await world.create(KINGRESSES, ingress(BOTH))
  await world.clock.advance(100)
  expect(await conditions()).toContain('Ready=Unknown ReconcileIngressFailed')
  expect(await failures()).toEqual([
    'failed to probe Ingress default/hello: failed to get Gateway ' +
      '"knative-serving/knative-ingress-gateway": ' +
      'gateway.networking.istio.io "knative-ingress-gateway" not found',
  ])
})

test('a Service of config-istio that is not there is named in an event, also for what was ready', async () => {
  world = await ScalingWorld.start()
  await world.create(KINGRESSES, ingress(BOTH))
  await world.clock.advance(100)
  expect(await conditions()).toContain('Ready=True')

  const key = 'gateway.knative-serving.knative-ingress-gateway'
  configure({[key]: 'nosuch.istio-system.svc.cluster.local'})
  await world.clock.advance(100)
  expect(await conditions()).toContain('Ready=Unknown ReconcileIngressFailed')
  expect(await failures()).toEqual([
    'failed to get Service of Gateway "knative-serving/knative-ingress-gateway": ' +
      'service "nosuch" not found',
  ])

  configure({})
  await world.clock.advance(100)
  expect(await conditions()).toContain('Ready=True')
})

function configure(data: Record<string, string>): void {
  const metadata = {name: 'config-istio', namespace: 'knative-serving'}
  const configMap = {apiVersion: 'v1', kind: 'ConfigMap', metadata, data}
  expect(world.configs.update(configMap)).toBeUndefined()
}

async function failures(): Promise<string[]> {
  const {items} = await world.client.list(EVENTS)
  return items.filter(({reason}) => reason === 'InternalError').map(({message = ''}) => message)
}

test('a changed KIngress is probed anew', async () => {
  world = await ScalingWorld.start()
  await world.create(KINGRESSES, ingress(BOTH))
  await world.clock.advance(100)
  world.gatewaysFollow = false
  await world.client.patch(KINGRESSES, KEY, {
    type: 'merge',
    body: {spec: ingress({...BOTH, external: 'hello.example.org'}).spec},
  })
  await world.clock.advance(100)
  expect(await conditions()).toContain('Ready=Unknown Uninitialized')
  world.gatewaysFollow = true
  await world.clock.advance(1_000)
  expect(await conditions()).toContain('Ready=True')
})

test('without hosts inside the cluster there is no VirtualService for the mesh', async () => {
  world = await ScalingWorld.start()
  await world.create(KINGRESSES, ingress(BOTH))
  await world.clock.advance(100)
  await world.client.patch(KINGRESSES, KEY, {
    type: 'merge',
    body: {spec: ingress({external: BOTH.external}).spec},
  })
  await world.clock.advance(100)
  expect(await virtualServices()).toEqual(['hello-ingress'])
})

test('a deleted KIngress lets go of its finalizer', async () => {
  world = await ScalingWorld.start()
  await world.create(KINGRESSES, ingress(BOTH))
  await world.clock.advance(100)
  await world.client.delete(KINGRESSES, KEY)
  await world.clock.advance(100)
  expect(await world.client.find(KINGRESSES, KEY)).toBeUndefined()
})

test('a VirtualService of the wanted name that belongs to somebody else is reported', async () => {
  world = await ScalingWorld.start()
  await world.create(VIRTUAL_SERVICES, {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: {name: 'hello-mesh', namespace: 'default'},
    spec: {},
  })
  await world.create(KINGRESSES, ingress(BOTH))
  await world.clock.advance(100)
  const {status} = await world.client.get(KINGRESSES, KEY)
  expect(status?.conditions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        type: 'NetworkConfigured',
        status: 'False',
        reason: 'NotOwned',
        message: 'There is an existing VirtualService "hello-mesh" that we do not own.',
      }),
    ]),
  )
})

test('a ready KIngress is written no more', async () => {
  world = await ScalingWorld.start()
  await world.create(KINGRESSES, ingress(BOTH))
  await world.clock.advance(100)
  const written = world.api.writes.length
  await world.clock.advance(600_000)
  expect(world.api.writes.slice(written)).toEqual([])
})
