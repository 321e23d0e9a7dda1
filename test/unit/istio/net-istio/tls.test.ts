import {generate} from 'selfsigned'
import {afterEach, expect, test} from 'vitest'
import {EVENTS, SECRETS} from '../../../../src/api/core/v1.ts'
import {type Gateway, GATEWAYS, VIRTUAL_SERVICES} from '../../../../src/api/istio/v1beta1.ts'
import {type KIngress, KINGRESSES} from '../../../../src/api/networking/v1alpha1.ts'
import {adler32} from '../../../../src/istio/net-istio/adler32.ts'
import {ScalingWorld} from '../../../support/scaling-world.ts'

let world: ScalingWorld

afterEach(() => world.stop())

const KEY = {name: 'shop', namespace: 'default'}
const HOST = 'shop.example.com'

/** The Gateways that net-istio made. */
async function ownGateways(): Promise<Gateway[]> {
  const {items} = await world.client.list(GATEWAYS)
  return items.filter(({metadata}) => metadata.namespace === 'default')
}

async function provideCertificate(host: string, labelled = true): Promise<void> {
  const pem = await generate([{name: 'commonName', value: host}], {
    extensions: [{name: 'subjectAltName', altNames: [{type: 2, value: host}]}],
  })
  await world.create(SECRETS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'shop-cert',
      namespace: 'default',
      ...(labelled && {labels: {'networking.internal.knative.dev/certificate-uid': 'c1'}}),
    },
    type: 'kubernetes.io/tls',
    data: {
      'tls.crt': Buffer.from(pem.cert).toString('base64'),
      'tls.key': Buffer.from(pem.private).toString('base64'),
    },
  })
}

function ingress(spec: Partial<KIngress['spec']>): KIngress {
  const split = {serviceNamespace: 'default', serviceName: 'shop-00001', servicePort: 80}
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Ingress',
    metadata: {
      ...KEY,
      annotations: {'networking.knative.dev/ingress.class': 'istio.ingress.networking.knative.dev'},
    },
    spec: {
      httpOption: 'Enabled',
      rules: [{hosts: [HOST], visibility: 'ExternalIP', http: {paths: [{splits: [split]}]}}],
      ...spec,
    },
  }
}

const TLS = [{hosts: [HOST], secretName: 'shop-cert', secretNamespace: 'default'}]

test('a KIngress with a certificate gets a Gateway of its own and a copy of the certificate', async () => {
  world = await ScalingWorld.start()
  await provideCertificate(HOST)
  await world.create(KINGRESSES, ingress({tls: TLS}))
  await world.clock.advance(100)
  const gateways = await ownGateways()
  const name = `shop-${adler32('istio-system/istio-ingressgateway')}`
  const {metadata} = await world.client.get(SECRETS, {name: 'shop-cert', namespace: 'default'})
  const credentialName = `shop-${metadata.uid}`
  expect(gateways.map((gateway) => [gateway.metadata.name, gateway.spec])).toEqual([
    [
      name,
      {
        selector: {istio: 'ingressgateway'},
        servers: [
          {
            hosts: [HOST],
            port: {name: 'default/shop:0', number: 443, protocol: 'HTTPS'},
            tls: {
              mode: 'SIMPLE',
              serverCertificate: 'tls.crt',
              privateKey: 'tls.key',
              credentialName,
              minProtocolVersion: 'TLSV1_2',
            },
          },
          {hosts: [HOST], port: {name: 'http-server', number: 80, protocol: 'HTTP'}},
        ],
      },
    ],
  ])
  const copy = await world.client.get(SECRETS, {name: credentialName, namespace: 'istio-system'})
  expect(copy.metadata.labels).toEqual({
    'networking.internal.knative.dev/originSecretName': 'shop-cert',
    'networking.internal.knative.dev/originSecretNamespace': 'default',
    'networking.internal.knative.dev/certificate-uid': 'c1',
  })
  const {items: virtualServices} = await world.client.list(VIRTUAL_SERVICES)
  expect(virtualServices.map(({spec}) => spec.gateways)).toEqual([[`default/${name}`]])

  await world.client.delete(KINGRESSES, KEY)
  await world.clock.advance(100)
  expect(await world.client.find(SECRETS, copy.metadata)).toBeUndefined()
})

test('a wildcard certificate gets a Gateway that all its KIngresses share', async () => {
  world = await ScalingWorld.start()
  await provideCertificate('*.example.com')
  await world.create(KINGRESSES, ingress({tls: TLS}))
  await world.clock.advance(100)
  const items = await ownGateways()
  const servers = items.flatMap(({spec}) => spec.servers ?? [])
  expect(servers.map(({hosts, port}) => [port.protocol, hosts])).toEqual([
    ['HTTPS', ['*.example.com']],
    ['HTTP', [HOST]],
  ])
  expect(servers[0]?.tls).toMatchObject({credentialName: 'default--shop-cert-wildcard'})
})

test('a certificate that is missing is named in an event, and picked up when it appears', async () => {
  world = await ScalingWorld.start()
  await world.create(KINGRESSES, ingress({tls: TLS}))
  await world.clock.advance(100)
  const before = await world.client.get(KINGRESSES, KEY)
  expect(before.status?.conditions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({type: 'Ready', reason: 'ReconcileIngressFailed'}),
    ]),
  )
  const {items: events} = await world.client.list(EVENTS)
  expect(events.map(({reason, message}) => `${reason} ${message}`)).toContain(
    'InternalError secret "shop-cert" not found',
  )
  await provideCertificate(HOST)
  await world.clock.advance(100)
  const after = await world.client.get(KINGRESSES, KEY)
  expect(after.status?.conditions?.every(({status}) => status === 'True')).toBe(true)
})

test('a certificate needs no label, and its copy has an empty one', async () => {
  world = await ScalingWorld.start()
  await provideCertificate(HOST, false)
  await world.create(KINGRESSES, ingress({tls: TLS}))
  await world.clock.advance(100)
  const {items} = await world.client.list(SECRETS)
  const copy = items.find(({metadata}) => metadata.namespace === 'istio-system')
  expect(copy?.metadata.labels).toEqual({
    'networking.internal.knative.dev/originSecretName': 'shop-cert',
    'networking.internal.knative.dev/originSecretNamespace': 'default',
    'networking.internal.knative.dev/certificate-uid': '',
  })
})

test('plain HTTP is redirected by a Gateway of its own', async () => {
  world = await ScalingWorld.start()
  await world.create(KINGRESSES, ingress({httpOption: 'Redirected'}))
  await world.clock.advance(100)
  const items = await ownGateways()
  expect(items.flatMap(({spec}) => spec.servers)).toEqual([
    {
      hosts: [HOST],
      port: {name: 'http-server', number: 80, protocol: 'HTTP'},
      tls: {httpsRedirect: true},
    },
  ])
})

test('the checksum in names is Adler-32', () => {
  expect(adler32('Wikipedia')).toBe(0x11e60398)
})
