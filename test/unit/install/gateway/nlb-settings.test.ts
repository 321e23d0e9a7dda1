import {describe, expect, test} from 'vitest'
import {
  cidrProblem,
  DEFAULT_NLB,
  nlbNameProblem,
  nlbProblems,
} from '../../../../src/install/gateway/nlb-settings.ts'

test('the walkthrough as it stands has no problem', () => {
  expect(nlbProblems(DEFAULT_NLB)).toEqual([])
})

test.each([
  ['istio-ingressgateway', undefined],
  ['a', undefined],
  ['A'.repeat(32), undefined],
  ['', 'it is empty'],
  ['A'.repeat(33), `"${'A'.repeat(33)}" has 33 characters; 32 fit`],
  ['a_b', '"a_b" may only have letters, digits and dashes'],
  ['-a', '"-a" may not begin or end with a dash'],
  ['a-', '"a-" may not begin or end with a dash'],
  ['internal-a', '"internal-a" may not begin with internal-'],
  ['internals', undefined],
])('name %j: %s', (name, problem) => {
  expect(nlbNameProblem(name)).toBe(problem)
})

test.each([
  ['0.0.0.0/0', undefined],
  ['203.0.113.0/24', undefined],
  ['203.0.113.7/32', undefined],
  ['203.0.113.7', '"203.0.113.7" has no length; for this address alone: 203.0.113.7/32'],
  ['203.0.113.7/24', '"203.0.113.7/24" has bits set after its length; the range is 203.0.113.0/24'],
  ['203.0.113.0/33', '"203.0.113.0/33" has the length 33; it has to be between 0 and 32'],
  ['203.0.113.0/', '"203.0.113.0/" has no length; for this address alone: 203.0.113.0/32'],
  ['203.0.113.0/a', '"203.0.113.0/a" has the length a; it has to be between 0 and 32'],
  ['x', '"x" is not a range of addresses like 203.0.113.0/24'],
  ['', '"" is not a range of addresses like 203.0.113.0/24'],
  ['::/0', '"::/0" is an IPv6 range; the load balancer has IPv4 addresses only'],
])('range %j: %s', (range, problem) => {
  expect(cidrProblem(range)).toBe(problem)
})

describe('the other settings', () => {
  test.each([
    [{subnets: ['subnet-0123456789abcdef0', 'public-a']}, []],
    [
      {subnets: ['subnet-xyz']},
      ['subnets: "subnet-xyz" is not the id of a subnet: subnet- and 8 or 17 hexadecimal digits'],
    ],
    [{subnets: ['a', 'a']}, ['subnets: "a" is given twice']],
    [{sourceRanges: []}, ['source-ranges: at least one range has to be given']],
    [
      {attributes: {'load_balancing.cross_zone.enabled': 'false'}},
      ['lb-attributes: load_balancing.cross_zone.enabled contradicts --cross-zone'],
    ],
    [
      {attributes: {'deletion_protection.enabled': 'yes'}},
      ['lb-attributes: deletion_protection.enabled=yes: the value has to be true or false'],
    ],
    [
      {attributes: {'access_logs.s3.enabled': 'true'}},
      ['lb-attributes: access_logs.s3.enabled needs access_logs.s3.bucket'],
    ],
    [
      {targetGroupAttributes: {'stickiness.enabled': 'true'}},
      ['target-group-attributes: stickiness.enabled=true needs stickiness.type=source_ip'],
    ],
    [
      {targetGroupAttributes: {'deregistration_delay.timeout_seconds': '3601'}},
      [
        'target-group-attributes: deregistration_delay.timeout_seconds=3601: the value has to be between 0 and 3600',
      ],
    ],
    [
      {certificateArn: 'arn:aws:iam::123456789012:server-certificate/x'},
      [
        'acm-certificate: "arn:aws:iam::123456789012:server-certificate/x" is not the ARN of an ACM certificate',
      ],
    ],
    [{certificateArn: 'arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/12ab-34cd'}, []],
  ])('%j', (settings, problems) => {
    const found = nlbProblems({...DEFAULT_NLB, ...settings})
    expect(found.map(({flag, problem}) => `${flag}: ${problem}`)).toEqual(problems)
  })

  test('an attribute that does not exist is answered with those that do', () => {
    const [first] = nlbProblems({...DEFAULT_NLB, attributes: {'cross_zone.enabled': 'true'}})
    expect(first?.problem).toMatch(
      /^cross_zone\.enabled is not an attribute of a Network Load Balancer; there are: load_balancing/,
    )
  })
})
