import {afterEach, beforeEach, expect, test} from 'vitest'
import {NAMESPACES} from '../../../../../src/api/core/v1.ts'
import {type KCertificate, KCERTIFICATES} from '../../../../../src/api/networking/v1alpha1.ts'
import {createNamespaceCertificateController} from '../../../../../src/knative/controller/nscert/controller.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

let world: ReconcileWorld
let controller: ReturnType<typeof createNamespaceCertificateController>

beforeEach(async () => {
  world = await ReconcileWorld.start({'config-domain': {'example.com': ''}})
  controller = createNamespaceCertificateController(world.deps())
})
afterEach(() => world[Symbol.asyncDispose]())

const EVERYTHING = {'namespace-wildcard-cert-selector': '{}'}

test('without a selector no namespace has a certificate', async () => {
  await reconcile('default')
  expect(await world.list(KCERTIFICATES)).toEqual([])
})

test('a namespace that is selected gets one certificate for all of its hosts', async () => {
  world.configure('config-network', EVERYTHING)
  await reconcile('default')
  const [certificate] = await world.list<KCertificate>(KCERTIFICATES)
  expect(certificate).toMatchObject({
    metadata: {
      name: 'default.example.com',
      namespace: 'default',
      labels: {'networking.knative.dev/wildcardDomain': 'example.com'},
      annotations: {
        'networking.knative.dev/certificate.class':
          'cert-manager.certificate.networking.knative.dev',
      },
      ownerReferences: [{apiVersion: 'v1', kind: 'Namespace', name: 'default', controller: true}],
    },
    spec: {dnsNames: ['*.default.example.com'], secretName: 'default.example.com'},
  })
  expect(await world.events()).toEqual([
    'Normal Created Created Knative Certificate default/default.example.com',
  ])
})

test('the selector goes by the labels of namespaces', async () => {
  world.configure('config-network', {
    'namespace-wildcard-cert-selector': 'matchExpressions:\n- key: wildcard\n  operator: Exists\n',
  })
  await reconcile('default')
  expect(await world.list(KCERTIFICATES)).toEqual([])
  await world.given(NAMESPACES, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {name: 'shops', labels: {wildcard: 'yes'}},
  })
  await reconcile('shops')
  expect(await namesOfCertificates()).toEqual(['shops.example.com'])
})

test('a namespace that is no longer selected loses its certificate', async () => {
  world.configure('config-network', EVERYTHING)
  await reconcile('default')
  world.configure('config-network', {})
  await reconcile('default')
  expect(await namesOfCertificates()).toEqual([])
  expect(await world.events()).toContain(
    'Normal Deleted Deleted Knative Certificate default/default.example.com',
  )
})

test('the certificate follows the default domain', async () => {
  world.configure('config-network', EVERYTHING)
  await reconcile('default')
  world.configure('config-domain', {'example.org': ''})
  await reconcile('default')
  const [certificate] = await world.list<KCertificate>(KCERTIFICATES)
  expect(certificate?.metadata.labels).toEqual({
    'networking.knative.dev/wildcardDomain': 'example.org',
  })
  expect(certificate?.spec.dnsNames).toEqual(['*.default.example.org'])
})

test('a domain template that no wildcard covers is an error', async () => {
  world.configure('config-network', {
    ...EVERYTHING,
    'domain-template': '{{.Name}}-{{.Namespace}}.{{.Domain}}',
  })
  await expect(reconcile('default')).rejects.toThrow(
    'failed to apply domain template {{.Name}}-{{.Namespace}}.{{.Domain}} to domain example.com and namespace default: invalid DomainTemplate: *-default.example.com',
  )
})

function reconcile(namespace: string): ReturnType<typeof world.reconcile> {
  return world.reconcile(controller, namespace, {namespaced: false})
}

async function namesOfCertificates(): Promise<string[]> {
  return (await world.list(KCERTIFICATES)).map(({metadata}) => metadata.name)
}
