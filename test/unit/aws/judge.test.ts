import {describe, expect, test} from 'vitest'
import {looksClassic, nlbNameOf, regionOf} from '../../../src/aws/load-balancers/hostnames.ts'
import {
  foreignOwner,
  judgeBalancer,
  judgeTargets,
  targetGroupOf,
  targetHint,
} from '../../../src/aws/load-balancers/judge.ts'
import type {LoadBalancer, TargetHealth} from '../../../src/aws/load-balancers/load-balancers.ts'

const WANTED = {scheme: 'internet-facing', subnets: ['subnet-a', 'by-name']}
const NLB: LoadBalancer = {
  arn: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/gw/0123456789abcdef',
  name: 'gw',
  hostname: 'gw-0123456789abcdef.elb.eu-central-1.amazonaws.com',
  hostedZoneId: 'Z3F0SRJ5LGBH90',
  type: 'network',
  scheme: 'internet-facing',
  ipAddressType: 'ipv4',
  state: 'active',
  zones: [{name: 'eu-central-1a', subnet: 'subnet-a'}],
}

test.each([
  ['gw-0123456789abcdef.elb.eu-central-1.amazonaws.com', 'gw', 'eu-central-1', false],
  ['a-b-0123456789abcdef.elb.cn-north-1.amazonaws.com.cn', 'a-b', 'cn-north-1', false],
  ['a1b2c3-123456.eu-central-1.elb.amazonaws.com', undefined, 'eu-central-1', true],
  ['internal-a1b2c3-123456.eu-west-1.elb.amazonaws.com', undefined, 'eu-west-1', true],
  ['lb.example.com', undefined, undefined, false],
])('%s', (hostname, name, region, classic) => {
  expect([nlbNameOf(hostname), regionOf(hostname), looksClassic(hostname)]).toEqual([
    name,
    region,
    classic,
  ])
})

describe('whose a load balancer is', () => {
  const expected = {cluster: 'prod', stack: 'istio-system/istio-ingressgateway'}
  const tags = {
    'elbv2.k8s.aws/cluster': 'prod',
    'service.k8s.aws/stack': 'istio-system/istio-ingressgateway',
    'service.k8s.aws/resource': 'LoadBalancer',
  }

  test.each([
    [tags, undefined],
    [{...tags, 'elbv2.k8s.aws/cluster': 'other'}, 'it belongs to the cluster other'],
    [{...tags, 'service.k8s.aws/stack': 'web/web'}, 'it belongs to the Service web/web of prod'],
    [{...tags, 'service.k8s.aws/resource': '80'}, 'no controller of a cluster made it'],
    [{}, 'no controller of a cluster made it'],
  ])('%j', (given, owner) => {
    expect(foreignOwner(given, expected)).toBe(owner)
  })

  test('where nobody knows the name of the cluster, the Service has to do', () => {
    expect(foreignOwner(tags, {...expected, cluster: undefined})).toBeUndefined()
  })
})

test.each([
  [{}, {state: 'ready'}],
  [{state: 'active_impaired'}, {state: 'ready'}],
  [{state: 'provisioning'}, {state: 'waiting', for: 'the NLB gw to be active; it is provisioning'}],
  [
    {state: 'failed', stateReason: 'no IPs'},
    {state: 'wrong', problem: 'gw failed: no IPs'},
  ],
  [{scheme: 'internal'}, {state: 'wrong', problem: 'gw is internal, wanted internet-facing'}],
  [{zones: []}, {state: 'waiting', for: 'the NLB gw to be in subnet-a'}],
  [{type: 'application'}, {state: 'wrong', problem: 'gw is of type application, not an NLB'}],
])('a load balancer with %j', (difference, verdict) => {
  expect(judgeBalancer({...NLB, ...difference}, WANTED)).toEqual(verdict)
})

describe('targets of port 80', () => {
  const target = (state: string, reason?: string, description?: string): TargetHealth => ({
    id: 'i-0',
    state,
    ...(reason !== undefined && {reason}),
    ...(description !== undefined && {description}),
  })

  test('one that is healthy is enough', () => {
    const targets = [target('unhealthy', 'Target.FailedHealthChecks'), target('healthy')]
    expect(judgeTargets(targets)).toEqual({state: 'ready'})
  })

  test('the reasons of the others are counted', () => {
    const targets = [
      target('unhealthy', 'Target.Timeout', 'Request timed out'),
      target('unhealthy', 'Target.Timeout', 'Request timed out'),
      target('initial', 'Elb.InitialHealthChecking'),
    ]
    expect(judgeTargets(targets)).toEqual({
      state: 'waiting',
      for: 'a healthy target behind port 80 (0 of 3): 2 × Target.Timeout: Request timed out, 1 × Elb.InitialHealthChecking',
    })
    expect(targetHint(targets)).toBe(
      'The security group of the nodes does not let the load balancer in.',
    )
  })

  test('there may be none yet', () => {
    expect(judgeTargets([])).toEqual({
      state: 'waiting',
      for: 'targets behind port 80; there are none yet',
    })
  })

  test('are those of the listener on 80, whatever other ports have', () => {
    const listeners = [
      {port: 443, protocol: 'TCP', targetGroups: ['tls']},
      {port: 80, protocol: 'TCP', targetGroups: ['plain']},
    ]
    expect(targetGroupOf(listeners, 80)).toBe('plain')
    expect(targetGroupOf(listeners, 15021)).toBeUndefined()
  })
})
