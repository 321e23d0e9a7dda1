import {describe, expect, test} from 'vitest'
import type {Deployment} from '../../../src/api/apps/v1.ts'
import {findExternalDns, type ExternalDns} from '../../../src/aws/external-dns/configuration.ts'
import {
  externalDnsProblems,
  externalDnsWarnings,
  readPrefix,
} from '../../../src/aws/external-dns/judge.ts'

const ZONE = {id: 'Z1', name: 'example.com', private: false}
const WANTED = {domain: 'knative.example.com', zone: ZONE, namespace: 'istio-system'}

function deployment(
  args: string[],
  image = 'registry.k8s.io/external-dns/external-dns:v0.13.6',
): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'external-dns', namespace: 'kube-system'},
    spec: {selector: {}, template: {spec: {containers: [{image, args}]}}},
  }
}

function configured(...args: string[]): ExternalDns {
  const [found] = findExternalDns([deployment(args)])
  if (found === undefined) throw new Error('not found')
  return found
}

describe('an ExternalDNS is read off its Deployment', () => {
  test('with its flags, in both spellings', () => {
    const dns = configured(
      '--source=service',
      '--domain-filter',
      'example.com',
      '--txt-owner-id=prod',
    )
    expect(dns).toMatchObject({
      name: 'kube-system/external-dns',
      version: '0.13.6',
      sources: ['service'],
      domainFilters: ['example.com'],
      owner: 'prod',
      policy: 'sync',
      registry: 'txt',
    })
  })

  test('whatever its registry, and no other image', () => {
    const images = [
      'bitnami/external-dns:0.14.0',
      'external-dns@sha256:0',
      'example.com/external-dns-dashboard:v1',
      'nginx',
    ]
    const found = images.map((image) => findExternalDns([deployment([], image)]).length)
    expect(found).toEqual([1, 1, 0, 0])
  })
})

describe('why it would not make the record', () => {
  test('no reason', () => {
    expect(externalDnsProblems(configured('--source=service'), WANTED)).toEqual([])
    expect(
      externalDnsProblems(configured('--source=service', '--domain-filter=example.com'), WANTED),
    ).toEqual([])
  })

  test.each([
    [['--source=ingress'], 'looks at ingress, not at Services'],
    [[], 'looks at nothing, not at Services'],
    [
      ['--source=service', '--domain-filter=knative.example.com'],
      "with --domain-filter=knative.example.com does not see the zone example.com: the filter has to be an end of the zone's name",
    ],
    [['--source=service', '--namespace=web'], 'looks at the namespace web only'],
    [
      ['--source=service', '--annotation-filter=a=b'],
      'only takes objects with --annotation-filter=a=b',
    ],
    [['--source=service', '--label-filter=a=b'], 'only takes objects with --label-filter=a=b'],
    [
      ['--source=service', '--service-type-filter=ClusterIP'],
      'only takes Services of type ClusterIP',
    ],
    [
      ['--source=service', '--aws-zone-type=private'],
      'looks at private zones only; example.com is public',
    ],
    [['--source=service', '--exclude-domains=knative.example.com'], 'excludes knative.example.com'],
    [['--source=service', '--zone-id-filter=Z9'], 'does not see the zone Z1'],
    [['--source=service', '--regex-domain-filter=^other'], 'only takes names that match ^other'],
  ])('%j', (args, reason) => {
    expect(externalDnsProblems(configured(...args), WANTED).map(({message}) => message)).toEqual([
      `ExternalDNS kube-system/external-dns ${reason}`,
    ])
  })

  test('a filter below the zone is fine with the flag that newer versions have', () => {
    const args = [
      '--source=service',
      '--domain-filter=knative.example.com',
      '--aws-zone-match-parent',
    ]
    expect(externalDnsProblems(configured(...args), WANTED)).toEqual([])
  })
})

test('presets that make clusters fight and records stay are pointed out', () => {
  expect(externalDnsWarnings([configured('--policy=upsert-only', '--aws-prefer-cname')])).toEqual([
    'kube-system/external-dns has the preset --txt-owner-id "default": two clusters with it fight over records.',
    'kube-system/external-dns has --policy=upsert-only: it never deletes a record.',
    'kube-system/external-dns has --aws-prefer-cname without --txt-prefix: a CNAME and a TXT cannot share a name.',
  ])
})

test.each([
  ['v0.13.6', [], 'external-dns.alpha.kubernetes.io/'],
  ['v0.22.0', [], 'external-dns.kubernetes.io/'],
  [
    'v0.22.0',
    ['--annotation-prefix=external-dns.alpha.kubernetes.io/'],
    'external-dns.alpha.kubernetes.io/',
  ],
  ['latest', [], undefined],
])('%s with %j reads %s', (tag, args, prefix) => {
  const [dns] = findExternalDns([deployment(args, `external-dns:${tag}`)])
  expect(dns && readPrefix(dns)).toBe(prefix)
})
