import {X509Certificate} from 'node:crypto'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {NAMESPACES, type Secret, SECRETS} from '../../../../../src/api/core/v1.ts'
import {type KCertificate, KCERTIFICATES} from '../../../../../src/api/networking/v1alpha1.ts'
import {CertificateAuthority} from '../../../../../src/knative/controller/certificate/authority.ts'
import {createCertificateIssuer} from '../../../../../src/knative/controller/certificate/controller.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

const DAY_MS = 86_400_000

let world: ReconcileWorld
let controller: ReturnType<typeof createCertificateIssuer>

beforeEach(async () => {
  world = await ReconcileWorld.start()
  controller = createCertificateIssuer(world.deps())
  await world.given(NAMESPACES, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {name: 'knative-serving'},
  })
  // The authority belongs to nobody, unlike what reconciling creates otherwise.
  await new CertificateAuthority(world.deps()).own()
})
afterEach(() => world[Symbol.asyncDispose]())

test('a KCertificate gets a Secret with a certificate of the authority, and is Ready', async () => {
  await world.given(KCERTIFICATES, wish())
  await world.reconcile(controller, 'shop')
  const {metadata, status} = await world.get(KCERTIFICATES, 'shop')
  expect(status?.conditions).toEqual([expect.objectContaining({type: 'Ready', status: 'True'})])
  expect(status?.observedGeneration).toBe(1)
  const secret = await world.get(SECRETS, 'shop-cert')
  expect(secret).toMatchObject({
    type: 'kubernetes.io/tls',
    metadata: {
      labels: {'networking.internal.knative.dev/certificate-uid': metadata.uid},
      ownerReferences: [{kind: 'Certificate', name: 'shop', controller: true}],
    },
  })
  const issued = certificateIn(secret)
  expect(issued.subjectAltName).toBe('DNS:*.default.example.com')
  const authority = (await world.list<Secret>(SECRETS)).find(
    ({metadata: {name}}) => name === 'kntool-ca',
  )
  expect(issued.verify(certificateIn(authority).publicKey)).toBe(true)
  const end = new Date(issued.validTo)
  expect(status?.['notAfter']).toBe(end.toISOString().replace('.000Z', 'Z'))
  expect(end.getTime() - world.clock.now()).toBeGreaterThan(89 * DAY_MS)
})

test('a certificate is renewed before it ends, and not earlier', async () => {
  await world.given(KCERTIFICATES, wish())
  expect(await world.reconcile(controller, 'shop')).toEqual({requeueAfterMs: DAY_MS})
  const first = certificateIn(await world.get(SECRETS, 'shop-cert'))
  await world.clock.advance(59 * DAY_MS)
  await world.reconcile(controller, 'shop')
  expect(certificateIn(await world.get(SECRETS, 'shop-cert')).serialNumber).toBe(first.serialNumber)
  await world.clock.advance(2 * DAY_MS)
  await world.reconcile(controller, 'shop')
  const renewed = certificateIn(await world.get(SECRETS, 'shop-cert'))
  expect(renewed.serialNumber).not.toBe(first.serialNumber)
})

test('a certificate follows its hosts, and one that was tampered with is replaced', async () => {
  await world.given(KCERTIFICATES, wish())
  await world.reconcile(controller, 'shop')
  await world.patch(KCERTIFICATES, 'shop', {spec: {dnsNames: ['shop.example.com']}})
  await world.reconcile(controller, 'shop')
  const hosts = (secret: Secret): unknown => certificateIn(secret).subjectAltName
  expect(hosts(await world.get(SECRETS, 'shop-cert'))).toBe('DNS:shop.example.com')
  await world.patch(SECRETS, 'shop-cert', {data: {'tls.crt': 'bm90aGluZw=='}})
  await world.reconcile(controller, 'shop')
  expect(hosts(await world.get(SECRETS, 'shop-cert'))).toBe('DNS:shop.example.com')
})

test('the Secret of somebody else is left alone, and made anew once it is gone', async () => {
  const data = {'tls.crt': '', 'tls.key': ''}
  await world.given(SECRETS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {name: 'shop-cert'},
    type: 'kubernetes.io/tls',
    data,
  })
  await world.given(KCERTIFICATES, wish())
  await expect(world.reconcile(controller, 'shop')).rejects.toThrow(
    'knative Certificate shop does not own Secret: "shop-cert"',
  )
  expect((await world.get(SECRETS, 'shop-cert')).data).toEqual(data)
  expect((await world.get(KCERTIFICATES, 'shop')).status?.conditions).toEqual([
    expect.objectContaining({type: 'Ready', status: 'False', reason: 'NotOwned'}),
  ])

  await world.delete(SECRETS, 'shop-cert')
  await world.reconcile(controller, 'shop')
  expect((await world.get(KCERTIFICATES, 'shop')).status?.conditions).toEqual([
    expect.objectContaining({type: 'Ready', status: 'True'}),
  ])
})

test("KCertificates of cert-manager's class are left to cert-manager", async () => {
  await world.given(KCERTIFICATES, wish('cert-manager.certificate.networking.knative.dev'))
  await world.sync()
  expect(controller.queue.length).toBe(0)
  await world.given(KCERTIFICATES, {...wish(), metadata: {...wish().metadata, name: 'ours'}})
  await world.sync()
  expect(controller.queue.length).toBe(1)
})

function wish(certificateClass = 'kntool.certificate.networking.knative.dev'): KCertificate {
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Certificate',
    metadata: {
      name: 'shop',
      annotations: {'networking.knative.dev/certificate.class': certificateClass},
    },
    spec: {dnsNames: ['*.default.example.com'], secretName: 'shop-cert'},
  }
}

function certificateIn(secret: Secret | undefined): X509Certificate {
  return new X509Certificate(Buffer.from(secret?.data?.['tls.crt'] ?? '', 'base64'))
}
