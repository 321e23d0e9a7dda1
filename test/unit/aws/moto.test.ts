/** The calls to AWS against an emulator that others wrote: the wire formats are the SDK's and its. */
import * as Elb from '@aws-sdk/client-elastic-load-balancing-v2'
import * as Route53 from '@aws-sdk/client-route-53'
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import type {AwsAccess} from '../../../src/aws/aws-access.ts'
import {createAwsAccess} from '../../../src/aws/create-aws-access.ts'
import {judgeRecord, ownerRecord, wildcardRecords} from '../../../src/aws/dns/records.ts'
import {judgeTargets, targetGroupOf} from '../../../src/aws/load-balancers/judge.ts'
import {useAwsEnvironment} from '../../support/aws-env.ts'
import {defaultSubnets, type Moto, startMoto} from '../../support/aws-moto.ts'
import {MOTO, needs} from '../../support/requirements.ts'

const DOMAIN = 'knative.example.com'

describe('AWS', needs(MOTO), () => {
  let moto: Moto
  let aws: AwsAccess

  beforeAll(async () => {
    moto = await startMoto()
  })
  afterAll(() => moto.stop())
  useAwsEnvironment(() => moto.endpoint)
  beforeEach(async () => {
    await moto.reset()
    aws = createAwsAccess({})
  })

  const elb = (): Elb.ElasticLoadBalancingV2Client => new Elb.ElasticLoadBalancingV2Client({})
  const route53 = (): Route53.Route53Client => new Route53.Route53Client({})

  async function makeBalancer(name: string): Promise<Elb.LoadBalancer> {
    const subnets = await defaultSubnets(moto.endpoint)
    const made = await elb().send(
      new Elb.CreateLoadBalancerCommand({
        Name: name,
        Type: 'network',
        Scheme: 'internet-facing',
        Subnets: subnets.slice(0, 1),
        Tags: [{Key: 'elbv2.k8s.aws/cluster', Value: 'prod'}],
      }),
    )
    const [balancer] = made.LoadBalancers ?? []
    if (balancer === undefined) throw new Error('no load balancer was made')
    return balancer
  }

  async function makeZone(name: string): Promise<string> {
    const {HostedZone} = await route53().send(
      new Route53.CreateHostedZoneCommand({
        Name: name,
        CallerReference: `${name}-${Math.random()}`,
      }),
    )
    return (HostedZone?.Id ?? '').replace('/hostedzone/', '')
  }

  test('a load balancer is found by its name and by its address, with its tags', async () => {
    const {DNSName = '', LoadBalancerArn: arn = ''} = await makeBalancer('istio-ingressgateway')
    const balancers = await aws.loadBalancers()
    expect(await balancers.findByName('istio-ingressgateway')).toMatchObject({
      arn,
      type: 'network',
      scheme: 'internet-facing',
    })
    expect(await balancers.findByHostname(DNSName)).toMatchObject({arn})
    expect(await balancers.findByName('nosuch')).toBeUndefined()
    expect((await balancers.tags([arn])).get(arn)).toEqual({'elbv2.k8s.aws/cluster': 'prod'})
  })

  test('the health of the targets of port 80 is read through its listener', async () => {
    const {LoadBalancerArn: arn = '', VpcId} = await makeBalancer('gw')
    const made = await elb().send(
      new Elb.CreateTargetGroupCommand({
        Name: 'plain',
        Protocol: 'TCP',
        Port: 80,
        TargetType: 'ip',
        ...(VpcId !== undefined && {VpcId}),
      }),
    )
    const group = made.TargetGroups?.[0]?.TargetGroupArn ?? ''
    await elb().send(
      new Elb.CreateListenerCommand({
        LoadBalancerArn: arn,
        Protocol: 'TCP',
        Port: 80,
        DefaultActions: [{Type: 'forward', TargetGroupArn: group}],
      }),
    )
    await elb().send(
      new Elb.RegisterTargetsCommand({
        TargetGroupArn: group,
        Targets: [{Id: '10.0.0.1', Port: 80}],
      }),
    )
    const balancers = await aws.loadBalancers()
    const found = targetGroupOf(await balancers.listeners(arn), 80)
    expect(found).toBe(group)
    expect(judgeTargets(await balancers.targetHealth(group))).toEqual({state: 'ready'})
  })

  test('the zones that could hold a domain are found, and no others', async () => {
    const apex = await makeZone('example.com')
    await makeZone('example.org')
    const sub = await makeZone(DOMAIN)
    const zones = await aws.hostedZones()
    const found = await zones.candidates(DOMAIN)
    expect(found.map(({id}) => id).toSorted()).toEqual([apex, sub].toSorted())
  })

  test('the wildcard record is made, seen as right, made again without harm, and removed', async () => {
    const zone = await makeZone('example.com')
    const zones = await aws.hostedZones()
    const target = {
      hostname: 'lb.elb.us-east-1.amazonaws.com',
      hostedZoneId: 'ZLB',
      dualstack: false,
    }
    const records = [...wildcardRecords(DOMAIN, target), ownerRecord(DOMAIN, 'uid')]
    const upsert = records.map((record) => ({action: 'UPSERT', record}) as const)
    expect(judgeRecord(await zones.records(zone, `*.${DOMAIN}`), `*.${DOMAIN}`, target)).toEqual({
      state: 'absent',
    })
    const change = await zones.change(zone, 'test', upsert)
    expect(await zones.isInSync(change)).toBe(true)
    await zones.change(zone, 'test', upsert)
    const made = await zones.records(zone, `*.${DOMAIN}`)
    expect(judgeRecord(made, `*.${DOMAIN}`, target)).toEqual({state: 'right'})
    const texts = await zones.records(zone, `_kntool.${DOMAIN}`)
    const removal = [...made, ...texts].map((record) => ({action: 'DELETE', record}) as const)
    await zones.change(zone, 'test', removal)
    expect(await zones.records(zone, `*.${DOMAIN}`)).toEqual([])
    expect(await zones.records(zone, `_kntool.${DOMAIN}`)).toEqual([])
  })

  test('what AWS refuses is said in its words', async () => {
    const zone = await makeZone('example.com')
    const zones = await aws.hostedZones()
    const record = {name: `a.${DOMAIN}`, type: 'A', values: ['192.0.2.1']}
    await zones.change(zone, 'test', [{action: 'CREATE', record}])
    await expect(zones.change(zone, 'test', [{action: 'CREATE', record}])).rejects.toMatchObject({
      code: 'KN_CONFLICT',
      message: expect.stringMatching(/^Route 53 refused the change: .*already exists/),
    })
    await expect(zones.records('ZNOSUCH', 'x')).rejects.toMatchObject({code: 'KN_NOT_FOUND'})
  })
})
