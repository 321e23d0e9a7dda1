import {describe, expect, test} from 'vitest'
import {type ExternalDns, findExternalDns} from '../../../../src/aws/external-dns/configuration.ts'
import type {DnsRecord, RecordVerdict} from '../../../../src/aws/dns/records.ts'
import {
  judgeDelegation,
  judgeExternalDns,
  judgeOwner,
  judgeTarget,
  type WildcardRecord,
} from '../../../../src/doctor/checks/dns-checks.ts'
import type {CoreService} from '../../../../src/api/core/v1.ts'

const DOMAIN = 'knative.example.com'
const ZONE = {id: 'Z1', name: 'example.com', private: false}

function externalDns(image: string, ...args: string[]): ExternalDns[] {
  return findExternalDns([
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name: 'external-dns', namespace: 'dns'},
      spec: {
        selector: {},
        template: {spec: {containers: [{image, args: ['--source=service', ...args]}]}},
      },
    },
  ])
}

const OURS = externalDns('registry/external-dns:v0.13.6', '--txt-owner-id=prod')

function owner(name: string, id: string): DnsRecord {
  return {name, type: 'TXT', values: [`"heritage=external-dns,external-dns/owner=${id}"`]}
}

function record(
  verdict: RecordVerdict,
  rest: Partial<WildcardRecord> & {ours?: boolean} = {},
): WildcardRecord {
  const {ours = false, ...others} = rest
  return {
    dns: 'external-dns',
    records: {domain: DOMAIN, zone: ZONE, records: [], ours, verdict},
    below: [],
    instances: OURS,
    hostname: 'new.elb.example.com',
    ...others,
  }
}

const ELSEWHERE = {state: 'elsewhere', current: 'A alias to old.example.com'} as const

describe('judgeOwner', () => {
  test.each([
    ['nothing is there', record({state: 'absent'}), 'ok'],
    ['it points to the gateway', record({state: 'right'}), 'ok'],
    ['it is of this ExternalDNS', record(ELSEWHERE, {below: [owner(`*.${DOMAIN}`, 'prod')]}), 'ok'],
    [
      'it is of this ExternalDNS, by the newer name of its text',
      record(ELSEWHERE, {below: [owner(`cname-*.${DOMAIN}`, 'prod')]}),
      'ok',
    ],
    [
      'it is of another ExternalDNS',
      record(ELSEWHERE, {below: [owner(`a-*.${DOMAIN}`, 'other')]}),
      'error',
    ],
    ['it is nobody’s', record(ELSEWHERE), 'error'],
    ['it is nobody’s, but kntool’s own', record(ELSEWHERE, {dns: 'route53', ours: true}), 'ok'],
    ['kntool did not make it', record(ELSEWHERE, {dns: 'route53'}), 'error'],
  ])('%s', (_name, facts, result) => {
    expect(judgeOwner(facts).result).toBe(result)
  })

  test('names the owner that is in the way', () => {
    expect(judgeOwner(record(ELSEWHERE, {below: [owner(`*.${DOMAIN}`, 'other')]}))).toMatchObject({
      message: `*.${DOMAIN} is owned by the external-dns owner "other", this cluster is "prod": it is skipped without a word.`,
      code: 'KN_CONFLICT',
    })
  })

  test('looks where a prefix and a stand-in for the asterisk put the text', () => {
    const instances = externalDns(
      'registry/external-dns:v0.15.0',
      '--txt-owner-id=prod',
      '--txt-prefix=own-',
      '--txt-wildcard-replacement=any',
    )
    const below = [owner(`own-cname-any.${DOMAIN}`, 'prod')]
    expect(judgeOwner(record(ELSEWHERE, {instances, below})).result).toBe('ok')
  })

  test('does not take a record for nobody’s whose owner nobody can read', () => {
    const instances = externalDns('registry/external-dns:v0.15.0', '--registry=dynamodb')
    expect(judgeOwner(record(ELSEWHERE, {instances})).result).toBe('ok')
  })
})

describe('judgeTarget', () => {
  test('says where the record points and where the gateway is', () => {
    expect(judgeTarget(record(ELSEWHERE))).toMatchObject({
      result: 'error',
      message: `*.${DOMAIN} is A alias to old.example.com; the gateway is at new.elb.example.com.`,
    })
  })

  test('says how often ExternalDNS looks while the record is absent', () => {
    expect(judgeTarget(record({state: 'absent'}))).toMatchObject({
      message: `There is no record *.${DOMAIN} in the zone example.com (Z1).`,
      hint: expect.stringContaining('every 1m'),
    })
  })
})

describe('judgeDelegation', () => {
  const own = ['ns-1.awsdns-01.org', 'ns-2.awsdns-02.com']
  test.each([
    ['the internet asks the zone', ZONE, ['NS-1.awsdns-01.org.'], 'ok'],
    ['the internet asks others', ZONE, ['ns.registrar.net'], 'error'],
    ['the internet asks nobody', ZONE, [], 'warning'],
    ['the zone is private', {...ZONE, private: true}, [], 'ok'],
  ])('%s', (_name, zone, delegated, result) => {
    expect(judgeDelegation({zone, own, delegated}).result).toBe(result)
  })
})

describe('judgeExternalDns', () => {
  const service = (...keys: string[]): CoreService => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'gw',
      annotations: Object.fromEntries(keys.map((key) => [key, `*.${DOMAIN}`])),
    },
    spec: {},
  })

  test('a version that reads another annotation', () => {
    const instances = externalDns('registry/external-dns:v0.22.0', '--txt-owner-id=prod')
    const facts = {instances, service: service('external-dns.alpha.kubernetes.io/hostname')}
    expect(judgeExternalDns(facts)).toMatchObject({
      result: 'error',
      message:
        'ExternalDNS dns/external-dns 0.22.0 reads external-dns.kubernetes.io/hostname; the Service of the gateway has another.',
    })
  })

  test('one that finds its annotation', () => {
    const facts = {instances: OURS, service: service('external-dns.alpha.kubernetes.io/hostname')}
    expect(judgeExternalDns(facts).result).toBe('ok')
  })

  test('the preset owner, which two clusters would share', () => {
    const facts = {instances: externalDns('registry/external-dns:v0.13.6'), service: undefined}
    expect(judgeExternalDns(facts).result).toBe('warning')
  })
})
