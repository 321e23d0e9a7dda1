import {describe, expect, test} from 'vitest'
import {defaultWishes, settle} from '../../../src/install/settings.ts'

const WISHES = defaultWishes('knative.example.com')

describe('wishes left open', () => {
  test.each([
    [{embedded: true, nodesOnAws: undefined, hasExternalDns: true}, 'service', 'none'],
    [{embedded: false, nodesOnAws: true, hasExternalDns: false}, 'nlb', 'none'],
    [{embedded: false, nodesOnAws: undefined, hasExternalDns: false}, 'nlb', 'none'],
    [{embedded: false, nodesOnAws: false, hasExternalDns: false}, 'service', 'none'],
    [{embedded: false, nodesOnAws: true, hasExternalDns: true}, 'nlb', 'external-dns'],
  ] as const)('on %j', (signs, kind, dns) => {
    const settings = settle(WISHES, signs)
    expect([settings.loadBalancer.kind, settings.dns]).toEqual([kind, dns])
  })
})

test('what was asked for stands, except on the embedded cluster, which has no AWS', () => {
  const wishes = {...WISHES, loadBalancer: 'nlb', dns: 'route53'} as const
  const kind = settle(wishes, {embedded: false, nodesOnAws: false, hasExternalDns: true})
  expect([kind.loadBalancer.kind, kind.dns]).toEqual(['nlb', 'route53'])
  const local = settle(wishes, {embedded: true, nodesOnAws: false, hasExternalDns: false})
  expect([local.loadBalancer.kind, local.dns]).toEqual(['service', 'none'])
})
