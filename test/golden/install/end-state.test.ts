/** What an installation of the genuine release leaves, beside what the walkthrough's commands left. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {readYaml} from '../../../src/util/yaml/read-yaml.ts'
import {DEPLOYMENTS} from '../../../src/api/apps/v1.ts'
import {CONFIG_MAPS, type ConfigMap, CORE_SERVICES} from '../../../src/api/core/v1.ts'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import {resourceType} from '../../../src/api/meta/resource-type.ts'
import {describeObject, requireType} from '../../../src/client/apply-objects.ts'
import {RestMapper} from '../../../src/client/rest-mapper.ts'
import {listWebhooks, type WebhookConfiguration} from '../../../src/install/ready/webhooks.ts'
import {folderSource} from '../../../src/install/release/folder-source.ts'
import {defaultWishes} from '../../../src/install/settings.ts'
import {install} from '../../../src/operations/install/install.ts'
import {externalDnsDeployment} from '../../support/external-dns.ts'
import {genuineManifestPath, genuineObjects} from '../../support/genuine-manifests.ts'
import {goldenText} from '../../support/golden-objects.ts'
import {InstallCluster} from '../../support/install-cluster.ts'
import {needs, RECORDINGS, RELEASE_FILES} from '../../support/requirements.ts'

const GATEWAYS = resourceType('networking.istio.io/v1beta1', 'Gateway', 'gateways')
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
/** What others put into the recorded cluster: its controllers, and those of this one. */
const NOT_RELEASED = /^(kube-root-ca\.crt|openshift-service-ca\.crt|kntool-install)$/
const FILES = ['serving-crds', 'serving-core', 'istio-crds', 'istio', 'net-istio', 'net-istio-2nd']
const RELEASE = ['serving-crds.yaml', 'serving-core.yaml', 'istio.yaml', 'net-istio.yaml']
/** The recorded cluster had no way to the registries. */
const OFFLINE = 'registries-skipping-tag-resolving'

describe('install leaves what the walkthrough leaves', needs(RECORDINGS, RELEASE_FILES), () => {
  let cluster: InstallCluster
  beforeAll(async () => {
    cluster = await new InstallCluster().start()
    const manifests = folderSource(genuineManifestPath('.'))
    await cluster.client.create(DEPLOYMENTS, externalDnsDeployment())
    await cluster.pass(
      install(cluster.connection, {
        wishes: {
          ...defaultWishes('knative.example.com'),
          dns: 'external-dns',
          wait: false,
        },
        signal: new AbortController().signal,
        surroundings: {...cluster.aws, manifests},
      }),
    )
  })
  afterAll(() => cluster.stop())

  test('every object that kubectl said it created, and all others of the release', async () => {
    const created = FILES.flatMap((file) =>
      [...goldenText(`00-install/apply-${file}.txt`).matchAll(/^(\S+) created$/gm)].map(
        ([, object = '']) => object,
      ),
    )
    const mapper = new RestMapper(cluster.client)
    const applied = new Set<string>()
    for (const object of RELEASE.flatMap(genuineObjects)) {
      const type = await requireType(mapper, object)
      await cluster.client.get(type, object.metadata)
      applied.add(describeObject(type, object))
    }
    expect(created.length).toBeGreaterThan(100)
    expect(created.filter((object) => !applied.has(object))).toEqual([])
  })

  test('the ConfigMaps, with the domain patched in', async () => {
    const {items} = await cluster.client.list(CONFIG_MAPS, {namespace: 'knative-serving'})
    const expected = recorded('configmaps') as ConfigMap[]
    for (const {data} of expected) delete data?.[OFFLINE]
    expect(plain(items)).toEqual(plain(expected))
    const domain = items.find(({metadata}) => metadata.name === 'config-domain')
    expect(domain?.data?.['knative.example.com']).toBe('')
  })

  test('the gateways of net-istio', async () => {
    const {items} = await cluster.client.list(GATEWAYS)
    expect(plain(items)).toEqual(plain(recorded('gateways')))
  })

  test('the Services, with their types and ports', async () => {
    const rows = goldenText('00-install/get-svc-all.txt').trim().split('\n').slice(1)
    const expected = rows.flatMap((row) => {
      const [namespace = '', name = '', type = '', , , ports = ''] = row.split(/\s+/)
      // The autoscaler makes those of its buckets.
      if (name.startsWith('autoscaler-bucket')) return []
      return [`${namespace}/${name} ${type} ${ports.replaceAll(/:\d+/g, '')}`]
    })
    const {items} = await cluster.client.list(CORE_SERVICES)
    const found = items.map(({metadata: {namespace, name}, spec}) => {
      const ports = spec.ports?.map(({port, protocol}) => `${port}/${protocol}`) ?? []
      return `${namespace}/${name} ${spec.type} ${ports.join(',')}`
    })
    // That of the API itself is made by its server, which here is only a part of one.
    const released = expected.filter((line) => !line.startsWith('default/kubernetes'))
    expect(found.toSorted()).toEqual(released.toSorted())
  })

  test('the webhooks and whom they call', async () => {
    const expected = recorded('webhookconfigs-after-reconcile') as WebhookConfiguration[]
    expect(calls(await listWebhooks(cluster))).toEqual(calls(expected))
  })

  test("the gateway's Service as the walkthrough edits it, without what contradicts", async () => {
    const service = await cluster.client.get(CORE_SERVICES, {
      namespace: 'istio-system',
      name: 'istio-ingressgateway',
    })
    const aws = 'service.beta.kubernetes.io/aws-load-balancer'
    expect(service.metadata.annotations).toMatchObject({
      'external-dns.alpha.kubernetes.io/hostname': '*.knative.example.com',
      [`${aws}-attributes`]: 'load_balancing.cross_zone.enabled=true',
      [`${aws}-name`]: 'istio-ingressgateway',
      [`${aws}-nlb-target-type`]: 'instance',
      [`${aws}-scheme`]: 'internet-facing',
      [`${aws}-type`]: 'external',
    })
    expect(service.metadata.annotations).not.toHaveProperty(`${aws}-internal`)
    expect(service.spec.loadBalancerClass).toBe('service.k8s.aws/nlb')
    expect(service.metadata.labels).toMatchObject({istio: 'ingressgateway'})
  })
})

function recorded(file: string): KubeObject[] {
  return (readYaml(goldenText(`00-install/${file}.yaml`)) as {items: KubeObject[]}).items
}

/** Objects by name, without what tells one run and one client from another. */
function plain(objects: readonly KubeObject[]): Record<string, object> {
  const released = objects.filter(({metadata}) => !NOT_RELEASED.test(metadata.name))
  return Object.fromEntries(
    released.map(({metadata: {namespace, name, labels, annotations = {}}, ...rest}) => {
      const {[LAST_APPLIED]: _, ...others} = annotations
      return [`${namespace}/${name}`, {...rest, labels, annotations: others}]
    }),
  )
}

function calls(configurations: readonly WebhookConfiguration[]): string[] {
  return configurations
    .flatMap(({kind, webhooks = []}) =>
      webhooks.map(({name, clientConfig}) => {
        const {namespace, name: service} = clientConfig?.service ?? {}
        return `${kind} ${name} ${namespace}/${service}`
      }),
    )
    .toSorted()
}
