import {describe, expect, test} from 'vitest'
import {
  type DnsRecord,
  judgeRecord,
  ownersOf,
  ownerRecord,
  parseOwner,
  wildcardRecords,
} from '../../../src/aws/dns/records.ts'

const NAME = '*.knative.example.com'
const TARGET = {
  hostname: 'lb.elb.eu-central-1.amazonaws.com',
  hostedZoneId: 'ZLB',
  dualstack: false,
}

function alias(hostname: string, extra: Partial<DnsRecord> = {}, hostedZoneId = 'ZLB'): DnsRecord {
  return {
    name: NAME,
    type: 'A',
    values: [],
    alias: {hostname, hostedZoneId, evaluateTargetHealth: true},
    ...extra,
  }
}

describe('how the record stands', () => {
  test.each([
    [
      'an alias, however it is written',
      [alias('dualstack.LB.elb.eu-central-1.amazonaws.com.')],
      {state: 'right'},
    ],
    ['a CNAME', [{name: NAME, type: 'CNAME', values: [`${TARGET.hostname}.`]}], {state: 'right'}],
    ['nothing', [], {state: 'absent'}],
    ['a text only', [{name: NAME, type: 'TXT', values: ['"x"']}], {state: 'absent'}],
    [
      'an older load balancer',
      [alias('old.elb.eu-central-1.amazonaws.com.')],
      {state: 'elsewhere', current: 'A alias to old.elb.eu-central-1.amazonaws.com'},
    ],
    [
      'the right host in the wrong zone',
      [alias(TARGET.hostname, {}, 'ZOTHER')],
      {state: 'elsewhere', current: `A alias to ${TARGET.hostname}`},
    ],
    [
      'an address',
      [{name: NAME, type: 'A', values: ['192.0.2.1']}],
      {state: 'elsewhere', current: 'A 192.0.2.1'},
    ],
    [
      'one right and one wrong',
      [alias(TARGET.hostname), alias('old.example.com', {type: 'AAAA'})],
      {state: 'elsewhere', current: 'AAAA alias to old.example.com'},
    ],
    [
      'records by weight',
      [alias(TARGET.hostname, {setIdentifier: 'blue'})],
      {state: 'routed', current: `A alias to ${TARGET.hostname}`},
    ],
    [
      'a record of another name',
      [alias(TARGET.hostname, {name: 'x.example.com'})],
      {state: 'absent'},
    ],
  ] as [string, DnsRecord[], object][])('%s', (_name, records, verdict) => {
    expect(judgeRecord(records, NAME, TARGET)).toEqual(verdict)
  })

  test('without an answer of AWS, the host alone counts', () => {
    const {hostedZoneId: _, ...unknown} = TARGET
    expect(judgeRecord([alias(TARGET.hostname, {}, 'ZX')], NAME, unknown)).toEqual({state: 'right'})
  })
})

describe('who made a record', () => {
  test('is in the text of ExternalDNS', () => {
    expect(
      parseOwner(
        '"heritage=external-dns,external-dns/owner=prod,external-dns/resource=service/istio-system/istio-ingressgateway"',
      ),
    ).toEqual({
      heritage: 'external-dns',
      owner: 'prod',
      resource: 'service/istio-system/istio-ingressgateway',
    })
  })

  test('is in the text of kntool, which is read as it is written', () => {
    expect(ownersOf([ownerRecord('knative.example.com', 'uid-1')])).toEqual([
      {
        heritage: 'kntool',
        owner: 'uid-1',
        resource: 'service/istio-system/istio-ingressgateway',
      },
    ])
  })

  test('is not in other texts', () => {
    expect(parseOwner('"v=spf1 -all"')).toBeUndefined()
  })
})

test('a load balancer with both families of addresses gets both records', () => {
  const types = (dualstack: boolean): string[] =>
    wildcardRecords('knative.example.com', {...TARGET, dualstack}).map(({type}) => type)
  expect(types(false)).toEqual(['A'])
  expect(types(true)).toEqual(['A', 'AAAA'])
})
