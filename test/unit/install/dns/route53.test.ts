import {describe, expect, test} from 'vitest'
import {type DnsRecord, judgeRecord, ownerRecord} from '../../../../src/aws/dns/records.ts'
import {type DomainRecords, recordChanges} from '../../../../src/install/dns/route53.ts'

const DOMAIN = 'knative.example.com'
const HOSTNAME = 'lb.elb.eu-central-1.amazonaws.com'
const TARGET = {hostname: HOSTNAME, hostedZoneId: 'ZLB', dualstack: false}
const DUALSTACK = {...TARGET, dualstack: true}

function alias(type: string, hostname = HOSTNAME): DnsRecord {
  const target = {hostname, hostedZoneId: 'ZLB', evaluateTargetHealth: false}
  return {name: `*.${DOMAIN}`, type, values: [], alias: target}
}

function cname(value: string): DnsRecord {
  return {name: `*.${DOMAIN}`, type: 'CNAME', ttl: 60, values: [value]}
}

function state(records: readonly DnsRecord[], ours: boolean): DomainRecords {
  const zone = {id: 'Z1', name: 'example.com', private: false}
  return {
    domain: DOMAIN,
    zone,
    records,
    ours,
    verdict: judgeRecord(records, `*.${DOMAIN}`, TARGET),
  }
}

describe('what changes to make the record right', () => {
  test.each([
    ['a right one of ours', [alias('A')], TARGET, []],
    [
      'a right one of ours, the load balancer having got IPv6',
      [alias('A')],
      DUALSTACK,
      ['UPSERT AAAA'],
    ],
    ['both of ours', [alias('A'), alias('AAAA')], DUALSTACK, []],
    ['a CNAME of ours, which leads to both', [cname(HOSTNAME)], DUALSTACK, []],
    ['an older one of ours', [alias('A', 'old.example.net')], TARGET, ['UPSERT A', 'UPSERT TXT']],
    [
      'an older CNAME of ours',
      [cname('old.example.net')],
      DUALSTACK,
      ['DELETE CNAME', 'UPSERT A', 'UPSERT AAAA', 'UPSERT TXT'],
    ],
  ] as [string, DnsRecord[], typeof TARGET, string[]][])('%s', (_, records, target, expected) => {
    const changes = recordChanges(state(records, true), target, 'uid-1')
    expect(changes.map(({action, record}) => `${action} ${record.type}`)).toEqual(expected)
  })

  test('none: the record, and the text that says whose it is', () => {
    expect(recordChanges(state([], false), TARGET, 'uid-1')).toEqual([
      {action: 'UPSERT', record: alias('A')},
      {action: 'UPSERT', record: ownerRecord(DOMAIN, 'uid-1')},
    ])
  })

  test('of somebody else, one that is right stays as it is', () => {
    expect(recordChanges(state([alias('A')], false), DUALSTACK, 'uid-1')).toEqual([])
  })

  test('of somebody else, one that points elsewhere is not touched', () => {
    expect(() => recordChanges(state([cname('old.example.net')], false), TARGET, 'uid-1')).toThrow(
      `*.${DOMAIN} exists in the zone example.com (Z1) and is not kntool's: CNAME old.example.net.`,
    )
  })
})
