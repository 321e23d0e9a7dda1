import {describe, expect, test} from 'vitest'
import {KCERTIFICATES, KINGRESSES} from '../../../../../src/api/networking/v1alpha1.ts'
import {CONFIGURATIONS, REVISIONS, type Route, ROUTES} from '../../../../../src/api/serving/v1.ts'
import {createRouteController} from '../../../../../src/knative/controller/route/controller.ts'
import {adler32} from '../../../../../src/knative/controller/route/route-tls.ts'
import {
  aConfiguration,
  aRevision,
  aRoute,
  notReady,
  ready,
  summarize,
} from '../../../../support/builders.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

const HOST = 'hello.default.example.com'
const TAGGED = aRoute([
  {configurationName: 'hello', latestRevision: true, percent: 100},
  {revisionName: 'hello-00001', latestRevision: false, percent: 0, tag: 'next'},
])

/** A world in which hosts get certificates, with this Route reconciled once. */
async function given(route: Route = aRoute(), network: Record<string, string> = {}) {
  const world = await ReconcileWorld.start({
    'config-domain': {'example.com': ''},
    'config-network': {'external-domain-tls': 'enabled', ...network},
  })
  const controller = createRouteController(world.deps())
  await world.given(CONFIGURATIONS, {
    ...aConfiguration(),
    status: ready({latestReadyRevisionName: 'hello-00001'}),
  })
  await world.given(REVISIONS, {...aRevision('hello-00001'), status: ready()})
  await world.given(ROUTES, route)
  await world.reconcile(controller, 'hello')
  const {uid = ''} = (await world.get(ROUTES, 'hello')).metadata
  return {world, controller, name: `route-${uid}`}
}

describe('a Route with certificates', () => {
  test('asks for one per host and serves plain HTTP until it is there', async () => {
    const {world, name} = await given(TAGGED)
    await using _world = world

    const certificates = await world.list(KCERTIFICATES)
    expect(certificates.map(({metadata, spec}) => [metadata.name, spec])).toEqual([
      [name, {dnsNames: [HOST], secretName: name, domain: 'example.com'}],
      [
        `${name}-${adler32('next')}`,
        {
          dnsNames: [`next-${HOST}`],
          secretName: `${name}-${adler32('next')}`,
          domain: 'example.com',
        },
      ],
    ])
    const {status} = await world.get(ROUTES, 'hello')
    expect(status?.url).toBe(`http://${HOST}`)
    expect(summarize(status)['CertificateProvisioned']).toBe(
      `True HTTPDowngrade Certificate ${name}-${adler32('next')} is not ready downgrade HTTP.`,
    )
    expect(await world.events()).toContain(`Normal Created Created Certificate default/${name}`)
  })

  test('serves HTTPS once the certificate is there', async () => {
    const {world, controller, name} = await given()
    await using _world = world
    await world.setStatus(KCERTIFICATES, name, ready())

    await world.reconcile(controller, 'hello')

    const {status} = await world.get(ROUTES, 'hello')
    expect(status?.url).toBe(`https://${HOST}`)
    expect(summarize(status)['CertificateProvisioned']).toBe('True')
    expect((await world.get(KINGRESSES, 'hello')).spec.tls).toEqual([
      {hosts: [HOST], secretName: name, secretNamespace: 'default'},
    ])
  })

  test('waits for the certificate where plain HTTP is redirected', async () => {
    const {world, controller, name} = await given(aRoute(), {'http-protocol': 'redirected'})
    await using _world = world
    await world.setStatus(KCERTIFICATES, name, notReady('Unknown', 'InProgress'))

    await world.reconcile(controller, 'hello')

    const {status} = await world.get(ROUTES, 'hello')
    expect(status?.url).toBe(`https://${HOST}`)
    expect(summarize(status)['CertificateProvisioned']).toBe(
      `Unknown CertificateNotReady Certificate ${name} is not ready: InProgress`,
    )
    expect((await world.get(KINGRESSES, 'hello')).spec.httpOption).toBe('Redirected')
  })

  test('answers the challenges of whoever issues the certificate', async () => {
    const {world, controller, name} = await given()
    await using _world = world
    await world.setStatus(KCERTIFICATES, name, {
      ...notReady('Unknown', 'InProgress'),
      http01Challenges: [
        {
          url: `http://${HOST}/.well-known/acme-challenge/x`,
          serviceName: 'solver',
          serviceNamespace: 'default',
          servicePort: 8090,
        },
      ],
    })

    await world.reconcile(controller, 'hello')

    const [local, external] = (await world.get(KINGRESSES, 'hello')).spec.rules ?? []
    expect(local?.http?.paths).toHaveLength(1)
    expect(external?.http?.paths[0]).toEqual({
      path: '/.well-known/acme-challenge/x',
      splits: [
        {serviceName: 'solver', serviceNamespace: 'default', servicePort: 8090, percent: 100},
      ],
    })
  })

  test('uses a certificate for the whole domain', async () => {
    await using world = await ReconcileWorld.start({
      'config-domain': {'example.com': ''},
      'config-network': {'external-domain-tls': 'enabled'},
    })
    const controller = createRouteController(world.deps())
    await world.given(KCERTIFICATES, {
      apiVersion: 'networking.internal.knative.dev/v1alpha1',
      kind: 'Certificate',
      metadata: {name: 'all', labels: {'networking.knative.dev/wildcardDomain': 'example.com'}},
      spec: {dnsNames: ['*.default.example.com'], secretName: 'all'},
      status: ready(),
    })
    await world.given(CONFIGURATIONS, {
      ...aConfiguration(),
      status: ready({latestReadyRevisionName: 'hello-00001'}),
    })
    await world.given(REVISIONS, {...aRevision('hello-00001'), status: ready()})
    await world.given(ROUTES, aRoute())

    await world.reconcile(controller, 'hello')

    expect(await world.list(KCERTIFICATES)).toHaveLength(1)
    expect((await world.get(KINGRESSES, 'hello')).spec.tls).toEqual([
      {hosts: ['*.default.example.com'], secretName: 'all', secretNamespace: 'default'},
    ])
    expect((await world.get(ROUTES, 'hello')).status?.url).toBe(`https://${HOST}`)
  })

  test('gives back the certificate of a tag that is gone', async () => {
    const {world, controller, name} = await given(TAGGED)
    await using _world = world
    await world.patch(ROUTES, 'hello', {spec: {traffic: aRoute().spec.traffic}})

    await world.reconcile(controller, 'hello')

    expect((await world.list(KCERTIFICATES)).map(({metadata}) => metadata.name)).toEqual([name])
  })

  test.each([
    [
      'that only the cluster reaches',
      {labels: {'networking.knative.dev/visibility': 'cluster-local'}},
      'True TLSNotEnabled TLS is not enabled for cluster-local',
    ],
    [
      'whose author does not want one',
      {annotations: {'networking.knative.dev/disable-external-domain-tls': 'true'}},
      'True TLSNotEnabled external-domain-tls is not enabled',
    ],
  ])('gets none %s', async (_name, metadata, condition) => {
    const {world} = await given(aRoute(undefined, metadata))
    await using _world = world

    expect(await world.list(KCERTIFICATES)).toEqual([])
    const {status} = await world.get(ROUTES, 'hello')
    expect(summarize(status)['CertificateProvisioned']).toBe(condition)
  })
})

test.each([
  ['', 1],
  ['a', 0x0062_0062],
  ['Wikipedia', 0x11e6_0398],
])('the checksum of %o is right', (text, checksum) => {
  expect(adler32(text)).toBe(checksum)
})
