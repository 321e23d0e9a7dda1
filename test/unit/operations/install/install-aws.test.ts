/** Installations whose load balancer and record are asked for at AWS, over its own wire formats. */
import * as Elb from '@aws-sdk/client-elastic-load-balancing-v2'
import * as Route53 from '@aws-sdk/client-route-53'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import {DEPLOYMENTS} from '../../../../src/api/apps/v1.ts'
import {type CoreService, EVENTS, NAMESPACES} from '../../../../src/api/core/v1.ts'
import {createAwsAccess} from '../../../../src/aws/create-aws-access.ts'
import {NLB_ANNOTATIONS} from '../../../../src/aws/load-balancer-controller/annotations.ts'
import {embeddedManifests} from '../../../../src/install/manifests.ts'
import type {DnsResolver} from '../../../../src/install/network.ts'
import type {PipelineEvent} from '../../../../src/install/pipeline.ts'
import {defaultWishes, type InstallWishes} from '../../../../src/install/settings.ts'
import {examine} from '../../../../src/operations/doctor/examine.ts'
import {
  install,
  type InstallOutcome,
  planInstall,
} from '../../../../src/operations/install/install.ts'
import {externalDnsDeployment} from '../../../support/external-dns.ts'
import {type CountedAws, countCalls} from '../../../support/aws-in-flight.ts'
import {useAwsEnvironment} from '../../../support/aws-env.ts'
import {defaultSubnets, type Moto, startMoto} from '../../../support/aws-moto.ts'
import {type AwsStandIn, startAwsStandIn} from '../../../support/aws-stand-in.ts'
import {InstallCluster} from '../../../support/install-cluster.ts'
import {MOTO, needs} from '../../../support/requirements.ts'

const DOMAIN = 'knative.example.com'
const WILDCARD = `*.${DOMAIN}`
const TAGS = {
  'elbv2.k8s.aws/cluster': 'test',
  'service.k8s.aws/stack': 'istio-system/istio-ingressgateway',
  'service.k8s.aws/resource': 'LoadBalancer',
}

let cluster: InstallCluster
let counted: CountedAws
let events: PipelineEvent[]
beforeEach(async () => {
  cluster = await new InstallCluster().start()
  events = []
})
afterEach(() => cluster.stop())

function request(wishes: Partial<InstallWishes>) {
  return {
    wishes: {...defaultWishes(DOMAIN), ...wishes},
    signal: new AbortController().signal,
    surroundings: {
      aws: counted.aws,
      probe: cluster.aws.probe,
      dns: recordsAsDns(),
      manifests: embeddedManifests(),
    },
  }
}

function run(wishes: Partial<InstallWishes> = {}): Promise<InstallOutcome> {
  const onEvent = (event: PipelineEvent): void => void events.push(event)
  return counted.pass(cluster, install(cluster.connection, request(wishes), {onEvent}))
}

/** What somebody was told while a step ran. */
function told(step: string): string[] {
  return events.flatMap((event) => {
    if (event.step.id !== step) return []
    if (event.type === 'waiting') return [event.for]
    return event.type === 'progress' ? [event.message] : []
  })
}

/** Names resolve as soon as Route 53 has their record. */
function recordsAsDns(): DnsResolver {
  return {
    async addresses(host) {
      const zones = await counted.aws.hostedZones()
      const [zone] = await zones.candidates(host)
      if (zone === undefined) return []
      const below = await zones.recordsBelow(zone.id, DOMAIN)
      return below.some(({name, type}) => name === WILDCARD && type !== 'TXT') ? ['192.0.2.1'] : []
    },
    nameServers: async (name) => {
      const zones = await counted.aws.hostedZones()
      const [zone] = await zones.candidates(name)
      return zone === undefined ? [] : zones.nameServers(zone.id)
    },
  }
}

describe('install against answers as AWS gives them', () => {
  let account: AwsStandIn
  beforeEach(async () => {
    account = await startAwsStandIn()
    counted = countCalls(createAwsAccess({region: 'eu-central-1'}))
    cluster.aws.make = ({metadata}: CoreService) =>
      account.make(
        metadata.annotations?.[NLB_ANNOTATIONS.name] ?? '',
        metadata.annotations?.[NLB_ANNOTATIONS.scheme] ?? 'internal',
        TAGS,
      )
  })
  afterEach(() => account.server.close())
  useAwsEnvironment(() => account.server.url)

  test('waits for the load balancer, its targets and the change, and says for which', async () => {
    const outcome = await run({dns: 'route53'})
    expect(outcome).toMatchObject({
      loadBalancer: 'istio-ingressgateway-0123456789abcdef.elb.eu-central-1.amazonaws.com',
      provenUrl: `http://kntool-smoke-test.default.${DOMAIN}`,
    })
    expect(outcome.warnings).toBeUndefined()
    expect(account.balancerStates.slice(0, 3)).toEqual(['provisioning', 'provisioning', 'active'])
    expect(account.targetReasons).toEqual([
      'Elb.RegistrationInProgress',
      'Target.FailedHealthChecks',
      'healthy',
    ])
    expect(account.changeStates).toEqual(['PENDING', 'PENDING', 'INSYNC'])
    expect(account.changes).toEqual([`UPSERT ${WILDCARD} A`, `UPSERT _kntool.${DOMAIN} TXT`])
    expect(told('load-balancer')).toEqual([
      'the NLB istio-ingressgateway to be active; it is provisioning',
      'a healthy target behind port 80 (0 of 1): 1 × Elb.RegistrationInProgress: not yet',
      'a healthy target behind port 80 (0 of 1): 1 × Target.FailedHealthChecks: not yet',
    ])
    expect(told('dns')).toEqual([
      `UPSERT ${WILDCARD} A alias to istio-ingressgateway-0123456789abcdef.elb.eu-central-1.amazonaws.com`,
      expect.stringMatching(`^UPSERT _kntool.${DOMAIN} TXT "heritage=kntool,kntool/owner=`),
      'waiting for all name servers of Route 53 to know the change C1',
    ])
  })

  test('changes nothing the second time, as its plan says', async () => {
    await run({dns: 'route53'})
    const before = [...account.changes]
    const plan = await counted.pass(
      cluster,
      planInstall(cluster.connection, request({dns: 'route53'})),
    )
    const planned = plan.steps.flatMap(({changes}) => changes.map(({object}) => object))
    expect(planned).not.toContain('route53:ChangeResourceRecordSets')
    await run({dns: 'route53'})
    expect(account.changes).toEqual(before)
  })

  test('gets through throttling', async () => {
    account.throttles = true
    await expect(run({dns: 'route53'})).resolves.toMatchObject({
      provenUrl: `http://kntool-smoke-test.default.${DOMAIN}`,
    })
  })

  test('a doctor finds the same afterwards', async () => {
    await run({dns: 'route53'})
    const {surroundings} = request({})
    const report = await counted.pass(cluster, examine(cluster.connection, {surroundings}))
    const aws = report.findings.filter(({id}) =>
      ['load-balancer-state', 'targets', 'hosted-zone', 'record', 'record-owner'].includes(id),
    )
    expect(aws.map(({id, result}) => `${id} ${result}`)).toEqual([
      'load-balancer-state ok',
      'targets ok',
      'hosted-zone ok',
      'record-owner ok',
      'record ok',
    ])
  })
})

describe('install against an emulator', needs(MOTO), () => {
  let moto: Moto
  let zone: string
  beforeAll(async () => {
    moto = await startMoto()
  })
  afterAll(() => moto.stop())
  useAwsEnvironment(() => moto.endpoint)
  beforeEach(async () => {
    await moto.reset()
    counted = countCalls(createAwsAccess({region: 'eu-central-1'}))
    cluster.aws.make = (service) => counted.count(makeBalancer(service))
    const {HostedZone} = await new Route53.Route53Client({}).send(
      new Route53.CreateHostedZoneCommand({Name: 'example.com', CallerReference: 'c'}),
    )
    zone = (HostedZone?.Id ?? '').replace('/hostedzone/', '')
  })

  /** What the controller makes for the Service: load balancer, target group, listener. */
  async function makeBalancer({metadata}: CoreService): Promise<string> {
    const elb = new Elb.ElasticLoadBalancingV2Client({region: 'eu-central-1'})
    const subnets = await defaultSubnets(moto.endpoint, 'eu-central-1')
    const {LoadBalancers: [balancer] = []} = await elb.send(
      new Elb.CreateLoadBalancerCommand({
        Name: metadata.annotations?.[NLB_ANNOTATIONS.name],
        Scheme: 'internet-facing',
        Type: 'network',
        Subnets: subnets.slice(0, 2),
        Tags: Object.entries(TAGS).map(([Key, Value]) => ({Key, Value})),
      }),
    )
    const {TargetGroups: [group] = []} = await elb.send(
      new Elb.CreateTargetGroupCommand({
        Name: 'k8s-istiosys-istioing-80',
        Protocol: 'TCP',
        Port: 80,
        VpcId: balancer?.VpcId,
        TargetType: 'ip',
      }),
    )
    await elb.send(
      new Elb.RegisterTargetsCommand({
        TargetGroupArn: group?.TargetGroupArn,
        Targets: [{Id: '10.0.0.1', Port: 8080}],
      }),
    )
    await elb.send(
      new Elb.CreateListenerCommand({
        LoadBalancerArn: balancer?.LoadBalancerArn,
        Protocol: 'TCP',
        Port: 80,
        DefaultActions: [{Type: 'forward', TargetGroupArn: group?.TargetGroupArn}],
      }),
    )
    return balancer?.DNSName ?? ''
  }

  async function recordsOf(name: string): Promise<Route53.ResourceRecordSet[]> {
    const {ResourceRecordSets = []} = await new Route53.Route53Client({}).send(
      new Route53.ListResourceRecordSetsCommand({HostedZoneId: zone}),
    )
    return ResourceRecordSets.filter(({Name}) => Name === `${name}.`)
  }

  test('the alias points to the load balancer, and a text says whose it is', async () => {
    const outcome = await run({dns: 'route53'})
    expect(outcome.provenUrl).toBe(`http://kntool-smoke-test.default.${DOMAIN}`)
    expect(outcome.warnings).toBeUndefined()
    expect(await recordsOf(WILDCARD)).toMatchObject([
      {Type: 'A', AliasTarget: {DNSName: outcome.loadBalancer, EvaluateTargetHealth: false}},
    ])
    expect(await recordsOf(`_kntool.${DOMAIN}`)).toMatchObject([
      {Type: 'TXT', ResourceRecords: [{Value: expect.stringContaining('heritage=kntool')}]},
    ])
  })

  test('a record that ExternalDNS makes is waited for and verified', async () => {
    await cluster.client.create(DEPLOYMENTS, externalDnsDeployment('--domain-filter=example.com'))
    cluster.aws.make = (service) =>
      counted.count(
        makeBalancer(service).then(async (hostname) => {
          // It looks once a minute.
          cluster.clock.after(60_000, () => void counted.count(makeRecord(hostname)))
          return hostname
        }),
      )
    const outcome = await run()
    expect(outcome.provenUrl).toBe(`http://kntool-smoke-test.default.${DOMAIN}`)
    expect(told('dns')).toEqual([`ExternalDNS to make ${WILDCARD} in example.com`])
  })

  async function makeRecord(hostname: string): Promise<void> {
    const owner = `"heritage=external-dns,external-dns/owner=prod,external-dns/resource=service/istio-system/istio-ingressgateway"`
    await new Route53.Route53Client({}).send(
      new Route53.ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: {
          Changes: [
            {
              Action: 'CREATE',
              ResourceRecordSet: {
                Name: WILDCARD,
                Type: 'A',
                AliasTarget: {
                  DNSName: hostname,
                  HostedZoneId: 'Z2P70J7EXAMPLE',
                  EvaluateTargetHealth: true,
                },
              },
            },
            {
              Action: 'CREATE',
              ResourceRecordSet: {
                Name: `cname-${WILDCARD}`,
                Type: 'TXT',
                TTL: 300,
                ResourceRecords: [{Value: owner}],
              },
            },
          ],
        },
      }),
    )
  }
})

describe('a load balancer that does not come', () => {
  beforeEach(async () => {
    counted = countCalls(cluster.aws.aws)
    cluster.absent = {loadBalancerController: true}
    await cluster.client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name: 'istio-system'},
    })
  })

  test('is given up with the words of who makes it, and what they mean', async () => {
    const message =
      'Failed build model due to unable to resolve at least one subnet (0 match VPC and tags)'
    await cluster.client.create(EVENTS, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {name: 'e', namespace: 'istio-system'},
      involvedObject: {
        kind: 'Service',
        namespace: 'istio-system',
        name: 'istio-ingressgateway',
      },
      type: 'Warning',
      reason: 'FailedBuildModel',
      message,
    })
    await expect(run()).rejects.toMatchObject({
      code: 'KN_TIMEOUT',
      exitCode: 6,
      message:
        'Gave up after 900 s waiting for an address of istio-system/istio-ingressgateway: ' +
        `FailedBuildModel: ${message}. Tag a subnet of each zone kubernetes.io/role/elb=1 ` +
        '(internal: kubernetes.io/role/internal-elb=1), or name them: --subnets A,B.',
      hints: expect.arrayContaining(['kntool doctor --only load-balancer,aws']),
    })
  })
})
