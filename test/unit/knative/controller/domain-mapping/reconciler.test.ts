import {describe, expect, test} from 'vitest'
import {CORE_SERVICES} from '../../../../../src/api/core/v1.ts'
import {
  CLUSTER_DOMAIN_CLAIMS,
  KCERTIFICATES,
  KINGRESSES,
} from '../../../../../src/api/networking/v1alpha1.ts'
import {DOMAIN_MAPPINGS, type DomainMapping, SERVICES} from '../../../../../src/api/serving/v1.ts'
import {createDomainMappingController} from '../../../../../src/knative/controller/domain-mapping/controller.ts'
import {aDomainMapping, aService, ready, summarize} from '../../../../support/builders.ts'
import {ReconcileWorld} from '../../../../support/reconcile-harness.ts'

const DOMAIN = 'www.example.org'
const FINALIZER = 'domainmappings.serving.knative.dev'
const AUTOCREATE = {'config-network': {'autocreate-cluster-domain-claims': 'true'}}
const ADDRESS = {address: {url: 'http://hello.default.svc.cluster.local'}}

async function given(
  mapping: DomainMapping = aDomainMapping(),
  configMaps: Record<string, Record<string, string>> = AUTOCREATE,
) {
  const world = await ReconcileWorld.start(configMaps)
  const controller = createDomainMappingController(world.deps())
  await world.given(SERVICES, {...aService(), status: ready(ADDRESS)})
  await world.given(DOMAIN_MAPPINGS, {
    ...mapping,
    metadata: {...mapping.metadata, finalizers: [FINALIZER]},
  })
  return {world, controller}
}

async function conditionsOf(world: ReconcileWorld): Promise<Record<string, string>> {
  return summarize((await world.get(DOMAIN_MAPPINGS, DOMAIN)).status)
}

async function claim(world: ReconcileWorld, namespace: string): Promise<void> {
  await world.given(CLUSTER_DOMAIN_CLAIMS, {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'ClusterDomainClaim',
    metadata: {name: DOMAIN},
    spec: {namespace},
  })
}

describe('the domain mapping reconciler', () => {
  test('claims the domain and leads it to the Service under its own host', async () => {
    const {world, controller} = await given()
    await using _world = world

    await world.reconcile(controller, DOMAIN)

    expect((await world.get(CLUSTER_DOMAIN_CLAIMS, DOMAIN)).spec).toEqual({namespace: 'default'})
    const {spec} = await world.get(KINGRESSES, DOMAIN)
    expect(spec).toEqual({
      httpOption: 'Enabled',
      rules: [
        {
          hosts: [DOMAIN],
          visibility: 'ExternalIP',
          http: {
            paths: [
              {
                rewriteHost: 'hello.default.svc.cluster.local',
                splits: [
                  {
                    percent: 100,
                    appendHeaders: {'K-Original-Host': DOMAIN},
                    serviceNamespace: 'default',
                    serviceName: 'hello',
                    servicePort: 80,
                  },
                ],
              },
            ],
          },
        },
      ],
    })
    const {status} = await world.get(DOMAIN_MAPPINGS, DOMAIN)
    expect(status).toMatchObject({url: `http://${DOMAIN}`, address: {url: `http://${DOMAIN}`}})
    expect(summarize(status)).toEqual({
      CertificateProvisioned: 'True TLSNotEnabled external-domain-tls is not enabled',
      DomainClaimed: 'True',
      IngressReady: 'Unknown IngressNotConfigured Ingress has not yet been reconciled.',
      ReferenceResolved: 'True',
      Ready: 'Unknown IngressNotConfigured Ingress has not yet been reconciled.',
    })
    expect(await world.events()).toEqual([`Normal Created Created Ingress "${DOMAIN}"`])
  })

  test('becomes ready with its KIngress', async () => {
    const {world, controller} = await given()
    await using _world = world
    await world.reconcile(controller, DOMAIN)
    await world.setStatus(KINGRESSES, DOMAIN, ready())

    await world.reconcile(controller, DOMAIN)

    expect(await conditionsOf(world)).toMatchObject({IngressReady: 'True', Ready: 'True'})
  })

  test('needs a claim where claims are not made automatically, and takes it at once', async () => {
    const {world, controller} = await given(aDomainMapping(), {})
    await using _world = world
    await expect(world.reconcile(controller, DOMAIN)).rejects.toThrow(
      `no ClusterDomainClaim found for domain "${DOMAIN}"`,
    )
    expect(await conditionsOf(world)).toMatchObject({
      DomainClaimed:
        'False DomainAlreadyClaimed The domain name is already in use by another DomainMapping',
      Ready:
        'False DomainAlreadyClaimed The domain name is already in use by another DomainMapping',
    })
    const {queue} = controller
    while (queue.length > 0) queue.done((await queue.take()) ?? '')

    await claim(world, 'default')
    await world.sync()

    expect(queue.length).toBe(1)
    await world.reconcile(controller, DOMAIN)
    expect(await conditionsOf(world)).toMatchObject({DomainClaimed: 'True'})
  })

  test('does not take a domain that another namespace has claimed', async () => {
    const {world, controller} = await given()
    await using _world = world
    await claim(world, 'theirs')

    await expect(world.reconcile(controller, DOMAIN)).rejects.toThrow(
      `namespace "default" does not own ClusterDomainClaim for "${DOMAIN}"`,
    )

    expect(await world.list(KINGRESSES)).toEqual([])
  })

  test.each([
    ['its mapping goes', (world: ReconcileWorld) => world.delete(CLUSTER_DOMAIN_CLAIMS, DOMAIN)],
    [
      'its claim is given to them',
      async (world: ReconcileWorld) => {
        await world.patch(CLUSTER_DOMAIN_CLAIMS, DOMAIN, {spec: {namespace: 'default'}})
      },
    ],
  ])('takes a domain of another namespace when %s', async (_name, free) => {
    const {world, controller} = await given()
    await using _world = world
    await claim(world, 'theirs')
    await expect(world.reconcile(controller, DOMAIN)).rejects.toThrow('does not own')
    const {queue} = controller
    while (queue.length > 0) queue.done((await queue.take()) ?? '')

    await free(world)
    await world.sync()

    expect(queue.length).toBe(1)
    await world.reconcile(controller, DOMAIN)
    expect((await world.get(CLUSTER_DOMAIN_CLAIMS, DOMAIN)).spec).toEqual({namespace: 'default'})
    expect(await conditionsOf(world)).toMatchObject({DomainClaimed: 'True'})
  })

  test('tries again and again, and says so in an event', async () => {
    const {world, controller} = await given()
    await using _world = world
    await claim(world, 'theirs')
    await world.sync()
    const stop = new AbortController()
    const running = controller.run(stop.signal)
    await world.clock.advance(1000)

    // 5 ms, then twice as long each time: 0, 5, 15, 35, 75, 155, 315, 635.
    expect(controller.queue.failures(`default/${DOMAIN}`)).toBe(8)
    expect(await world.events()).toEqual([
      `Warning InternalError namespace "default" does not own ClusterDomainClaim for "${DOMAIN}"`,
    ])

    stop.abort()
    await running
  })

  test.each([
    [
      'PUT',
      FINALIZER,
      `Warning UpdateFailed Failed to update status for "${DOMAIN}": out of order`,
    ],
    [
      'PATCH',
      'other',
      `Warning FinalizerUpdateFailed Failed to update finalizers for "${DOMAIN}": out of order`,
    ],
  ])('says in an event that a %s was refused', async (method, finalizer, event) => {
    const {world, controller} = await given()
    await using _world = world
    await world.patch(DOMAIN_MAPPINGS, DOMAIN, {metadata: {finalizers: [finalizer]}})
    world.failOnce(method, 'domainmappings', new Error('out of order'))

    await expect(world.reconcile(controller, DOMAIN)).rejects.toThrow('out of order')

    expect(await world.events()).toContain(event)
  })

  test('uses the certificate that its author brings', async () => {
    const mapping = aDomainMapping()
    mapping.spec.tls = {secretName: 'cert'}
    const {world, controller} = await given(mapping)
    await using _world = world

    await world.reconcile(controller, DOMAIN)

    expect((await world.get(KINGRESSES, DOMAIN)).spec.tls).toEqual([
      {hosts: [DOMAIN], secretName: 'cert', secretNamespace: 'default'},
    ])
    const {status} = await world.get(DOMAIN_MAPPINGS, DOMAIN)
    expect(status?.url).toBe(`https://${DOMAIN}`)
    expect(summarize(status)['CertificateProvisioned']).toBe(
      'True CertificateExternallyProvided TLS certificate was provided externally',
    )
  })

  test('asks for a certificate where hosts get them', async () => {
    const {world, controller} = await given(aDomainMapping(), {
      'config-network': {
        'autocreate-cluster-domain-claims': 'true',
        'external-domain-tls': 'enabled',
      },
    })
    await using _world = world
    await world.reconcile(controller, DOMAIN)
    expect((await conditionsOf(world))['CertificateProvisioned']).toBe(
      `True HTTPDowngrade Certificate ${DOMAIN} is not ready downgrade HTTP.`,
    )

    await world.setStatus(KCERTIFICATES, DOMAIN, ready())
    await world.reconcile(controller, DOMAIN)

    const {status} = await world.get(DOMAIN_MAPPINGS, DOMAIN)
    expect(status?.url).toBe(`https://${DOMAIN}`)
    expect(summarize(status)['CertificateProvisioned']).toBe('True')
    expect((await world.get(KINGRESSES, DOMAIN)).spec.tls).toEqual([
      {hosts: [DOMAIN], secretName: DOMAIN, secretNamespace: 'default'},
    ])
  })

  test.each([
    [
      'does not exist',
      {apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'nosuch'},
      'failed to get object default/nosuch: services.serving.knative.dev "nosuch" not found',
    ],
    [
      'has no address',
      {apiVersion: 'v1', kind: 'ConfigMap', name: 'kube-root-ca.crt'},
      'failed to get object default/kube-root-ca.crt: configmaps "kube-root-ca.crt" not found',
    ],
    [
      'is in another namespace',
      {apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'foreign'},
      'resolved URI "http://foreign.theirs.svc.cluster.local" must be in same namespace as DomainMapping',
    ],
    [
      'has an address outside of the cluster',
      {apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'outside'},
      'resolved URI "http://example.org" must be of the form {name}.{namespace}.svc.cluster.local',
    ],
    [
      'has an address with a path',
      {apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'deep'},
      'resolved URI "http://deep.default.svc.cluster.local/path" contains a path',
    ],
    [
      'is not ready enough for an address',
      {apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'new'},
      'address not set for Kind = Service, Namespace = default, Name = new, APIVersion = serving.knative.dev/v1, Group = , Address = ',
    ],
  ])('says that its target %s', async (_name, ref, message) => {
    const mapping = aDomainMapping()
    mapping.spec.ref = {...ref, namespace: 'default'}
    const {world, controller} = await given(mapping)
    await using _world = world
    const urls = {
      foreign: 'http://foreign.theirs.svc.cluster.local',
      outside: 'http://example.org',
      deep: 'http://deep.default.svc.cluster.local/path',
    }
    for (const [name, url] of Object.entries(urls)) {
      await world.given(SERVICES, {...aService(name), status: ready({address: {url}})})
    }
    await world.given(SERVICES, aService('new'))

    await expect(world.reconcile(controller, DOMAIN)).rejects.toThrow(
      `resolving reference: ${message}`,
    )

    expect(await conditionsOf(world)).toMatchObject({
      ReferenceResolved: `False ResolveFailed ${message}`,
      Ready: `False ResolveFailed ${message}`,
    })
  })

  test('leads to a core Service, which has no address of its own', async () => {
    const mapping = aDomainMapping()
    mapping.spec.ref = {apiVersion: 'v1', kind: 'Service', name: 'plain', namespace: 'default'}
    const {world, controller} = await given(mapping)
    await using _world = world
    await world.given(CORE_SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: 'plain'},
      spec: {ports: [{port: 80}]},
    })

    await world.reconcile(controller, DOMAIN)

    const [rule] = (await world.get(KINGRESSES, DOMAIN)).spec.rules ?? []
    expect(rule?.http?.paths[0]?.rewriteHost).toBe('plain.default.svc.cluster.local')
  })

  test('gives the domain back when the mapping goes', async () => {
    const {world, controller} = await given()
    await using _world = world
    await world.reconcile(controller, DOMAIN)
    await world.delete(DOMAIN_MAPPINGS, DOMAIN)

    await world.reconcile(controller, DOMAIN)

    expect(await world.find(DOMAIN_MAPPINGS, DOMAIN)).toBeUndefined()
    expect(await world.find(CLUSTER_DOMAIN_CLAIMS, DOMAIN)).toBeUndefined()
  })

  test('leaves an administrator the claim he made', async () => {
    const {world, controller} = await given(aDomainMapping(), {})
    await using _world = world
    await claim(world, 'default')
    await world.reconcile(controller, DOMAIN)
    await world.delete(DOMAIN_MAPPINGS, DOMAIN)

    await world.reconcile(controller, DOMAIN)

    expect(await world.find(CLUSTER_DOMAIN_CLAIMS, DOMAIN)).toBeDefined()
  })
})
