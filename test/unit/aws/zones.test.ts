import {describe, expect, test} from 'vitest'
import {normalizedName, parentsOf, plainName, plainTarget} from '../../../src/aws/dns/names.ts'
import {chooseZone, type HostedZone} from '../../../src/aws/dns/zones.ts'

const zone = (id: string, name: string, hidden = false): HostedZone => ({id, name, private: hidden})
const APEX = zone('Z1', 'example.com')
const SUB = zone('Z2', 'knative.example.com')
const HIDDEN = zone('Z3', 'example.com', true)
const WISH = {domain: 'knative.example.com', scheme: 'internet-facing'} as const

test('names are compared as people write them', () => {
  expect(plainName('\\052.Knative.Example.COM.')).toBe('*.knative.example.com')
  expect(normalizedName('*.knative.example.com')).toBe('\\052.knative.example.com')
  expect(plainTarget('dualstack.LB.example.com.')).toBe('lb.example.com')
  expect(parentsOf('a.b.c')).toEqual(['a.b.c', 'b.c', 'c'])
})

describe('the zone for a domain', () => {
  test.each([
    ['the apex', [APEX], WISH, APEX],
    ['the longest end', [APEX, SUB], WISH, SUB],
    ['the public one for everybody', [HIDDEN, APEX], WISH, APEX],
    ['the private one for the VPC', [HIDDEN, APEX], {...WISH, scheme: 'internal'}, HIDDEN],
    ['the public one for the VPC, if no other', [APEX], {...WISH, scheme: 'internal'}, APEX],
    ['the one named by id', [APEX, SUB], {...WISH, hostedZone: 'Z1'}, APEX],
    ['the one named by path', [APEX, SUB], {...WISH, hostedZone: '/hostedzone/Z1'}, APEX],
    ['the one named by name', [APEX, SUB], {...WISH, hostedZone: 'example.com.'}, APEX],
  ] as const)('is %s', (_name, zones, wish, expected) => {
    expect(chooseZone(zones, wish)).toEqual({zone: expected})
  })

  test.each([
    ['none', [], WISH, 'No hosted zone of this account holds knative.example.com.'],
    [
      'one that only looks alike',
      [zone('Z9', 'native.example.com')],
      WISH,
      'No hosted zone of this account holds knative.example.com.',
    ],
    [
      'only a private one',
      [HIDDEN],
      WISH,
      'The zone example.com (Z3) is private: nobody on the internet would find knative.example.com.',
    ],
    [
      'two of a name',
      [APEX, zone('Z4', 'example.com')],
      WISH,
      'There are 2 public zones called example.com: Z1, Z4.',
    ],
    [
      'a missing one',
      [APEX],
      {...WISH, hostedZone: 'Z7'},
      'There is no hosted zone Z7 in this account.',
    ],
    [
      'another domain’s',
      [zone('Z8', 'other.org')],
      {...WISH, hostedZone: 'Z8'},
      'The zone other.org (Z8) cannot hold knative.example.com: its name is no end of it.',
    ],
  ] as const)('cannot be %s', (_name, zones, wish, problem) => {
    expect(chooseZone(zones, wish)).toMatchObject({problem})
  })
})
