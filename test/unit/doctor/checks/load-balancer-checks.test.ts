import {describe, expect, test} from 'vitest'
import type {Deployment, EndpointSlice} from '../../../../src/api/apps/v1.ts'
import type {CoreService, Event} from '../../../../src/api/core/v1.ts'
import type {LoadBalancer, TargetHealth} from '../../../../src/aws/load-balancers/load-balancers.ts'
import {
  judgeAddress,
  judgeAnnotations,
  judgeAwsBalancer,
  judgeAwsTargets,
  judgeController,
  judgeHandler,
} from '../../../../src/doctor/checks/load-balancer-checks.ts'

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-'

function gateway(
  annotations: Record<string, string>,
  rest: {class?: string; hostname?: string; finalizers?: string[]} = {},
): CoreService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'istio-ingressgateway',
      namespace: 'istio-system',
      annotations,
      ...(rest.finalizers && {finalizers: rest.finalizers}),
    },
    spec: {type: 'LoadBalancer', ...(rest.class !== undefined && {loadBalancerClass: rest.class})},
    ...(rest.hostname !== undefined && {
      status: {loadBalancer: {ingress: [{hostname: rest.hostname}]}},
    }),
  }
}

function controller(available: number): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'aws-load-balancer-controller', namespace: 'kube-system'},
    spec: {
      selector: {},
      template: {spec: {containers: [{image: 'eks/aws-load-balancer-controller:v2.6.1'}]}},
    },
    status: {availableReplicas: available},
  }
}

function webhookSlice(ready: boolean): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'x',
      namespace: 'kube-system',
      labels: {'kubernetes.io/service-name': 'aws-load-balancer-webhook-service'},
    },
    addressType: 'IPv4',
    endpoints: [{addresses: ['10.0.0.1'], conditions: {ready}}],
  }
}

describe('judgeController', () => {
  const facts = {
    deployments: [controller(1)],
    slices: [] as EndpointSlice[],
    hasWebhook: false,
    insists: true,
  }
  test.each([
    ['absent, and an NLB is waited for', {deployments: []}, 'error'],
    ['absent, and nobody waits', {deployments: [], insists: false}, 'warning'],
    ['not available, without a webhook', {deployments: [controller(0)]}, 'error'],
    ['not available, and nobody waits', {deployments: [controller(0)], insists: false}, 'warning'],
    [
      'its webhook refuses every Service',
      {slices: [webhookSlice(false)], hasWebhook: true, insists: false},
      'error',
    ],
    ['available', {slices: [webhookSlice(true)], hasWebhook: true}, 'ok'],
    ['available, without a webhook', {}, 'ok'],
  ])('%s', (_name, change, result) => {
    expect(judgeController({...facts, ...change}).result).toBe(result)
  })
})

describe('judgeHandler', () => {
  test.each([
    [gateway({}, {class: 'service.k8s.aws/nlb'}), 'ok'],
    [gateway({[`${PREFIX}type`]: 'external'}), 'error'],
    [gateway({}, {class: 'eks.amazonaws.com/nlb'}), 'warning'],
    [gateway({}), 'skipped'],
    [gateway({}, {hostname: 'a1b2-1.eu-central-1.elb.amazonaws.com'}), 'warning'],
    [gateway({}, {finalizers: ['service.kubernetes.io/load-balancer-cleanup']}), 'warning'],
    [undefined, 'skipped'],
  ])('case %#', (service, result) => {
    expect(judgeHandler(service).result).toBe(result)
  })
})

describe('judgeAnnotations', () => {
  test('says that internal beside a scheme counts for nothing', () => {
    const service = gateway({[`${PREFIX}scheme`]: 'internet-facing', [`${PREFIX}internal`]: 'true'})
    expect(judgeAnnotations(service)).toMatchObject({
      result: 'warning',
      message:
        'aws-load-balancer-internal=true beside aws-load-balancer-scheme=internet-facing: only the scheme counts.',
    })
  })

  test('finds misspelt ones', () => {
    expect(judgeAnnotations(gateway({[`${PREFIX}nlb-targettype`]: 'ip'}))).toMatchObject({
      result: 'warning',
      message: `Nobody reads the annotation ${PREFIX}nlb-targettype.`,
    })
  })
})

describe('judgeAddress', () => {
  const warning = (message: string): Event => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {name: 'e'},
    involvedObject: {name: 'istio-ingressgateway'},
    type: 'Warning',
    reason: 'FailedBuildModel',
    message,
  })

  test.each([
    [
      'Failed build model due to unable to resolve at least one subnet (0 match VPC and tags)',
      /role\/elb=1/,
    ],
    [
      'AccessDenied: User: x is not authorized to perform: elasticloadbalancing:AddTags on resource: y',
      /lacks elasticloadbalancing:AddTags/,
    ],
    [
      'multiple subnets in same Availability Zone eu-central-1a: [a b]',
      /eu-central-1a has several/,
    ],
    [
      'expect exactly one securityGroup tagged with kubernetes.io/cluster/prod for eni eni-1, got: []',
      /tag kubernetes.io\/cluster\/prod/,
    ],
    ['something else', /more in its log/],
  ])('takes the maker by his word: %s', (message, hint) => {
    const verdict = judgeAddress({service: gateway({}), events: [warning(message)]})
    expect(verdict).toMatchObject({
      result: 'error',
      message: `istio-ingressgateway has no address yet: FailedBuildModel: ${message}`,
      hint: expect.stringMatching(hint),
      command: expect.any(String),
    })
  })

  test('has no more to say once it is there', () => {
    const service = gateway({}, {hostname: 'lb.example.com'})
    expect(judgeAddress({service, events: [warning('old')]})).toEqual({
      result: 'ok',
      evidence: ['lb.example.com'],
    })
  })
})

const BALANCER: LoadBalancer = {
  arn: 'arn',
  name: 'gw',
  hostname: 'gw.elb.example.com',
  hostedZoneId: 'Z',
  type: 'network',
  scheme: 'internet-facing',
  ipAddressType: 'ipv4',
  state: 'active',
  zones: [{name: 'eu-central-1a', subnet: 'subnet-1'}],
}
const SEEN = {
  address: 'gw.elb.example.com',
  balancer: BALANCER,
  listeners: [{port: 80, protocol: 'TCP', targetGroups: ['tg']}],
  targets: [] as TargetHealth[],
  wanted: {scheme: 'internet-facing', subnets: [] as string[]},
}

describe('the load balancer at AWS', () => {
  test.each([
    [{}, 'ok'],
    [{balancer: undefined}, 'error'],
    [{wanted: {scheme: 'internal', subnets: []}}, 'error'],
    [{wanted: {scheme: 'internet-facing', subnets: ['subnet-1']}}, 'ok'],
    [{wanted: {scheme: 'internet-facing', subnets: ['subnet-2']}}, 'error'],
    [{balancer: {...BALANCER, state: 'provisioning'}}, 'error'],
    [{balancer: {...BALANCER, type: 'application'}}, 'error'],
  ])('%j', (change, result) => {
    expect(judgeAwsBalancer({...SEEN, ...change}).result).toBe(result)
  })

  test('one healthy target is enough', () => {
    const targets = [
      {id: 'i-1', state: 'healthy'},
      {id: 'i-2', state: 'unhealthy', reason: 'Target.FailedHealthChecks'},
    ]
    expect(judgeAwsTargets({...SEEN, targets}).result).toBe('ok')
  })

  test('each target that is not is named with its reason', () => {
    const targets = [
      {
        id: 'i-1',
        port: 30080,
        state: 'unhealthy',
        reason: 'Target.Timeout',
        description: 'timed out',
      },
    ]
    expect(judgeAwsTargets({...SEEN, targets})).toMatchObject({
      result: 'error',
      message:
        'Still waiting for a healthy target behind port 80 (0 of 1): 1 × Target.Timeout: timed out.',
      evidence: ['i-1:30080 unhealthy Target.Timeout timed out'],
      hint: 'The security group of the nodes does not let the load balancer in.',
    })
  })

  test('a load balancer without a listener on port 80 has no targets to judge', () => {
    expect(judgeAwsTargets({...SEEN, targets: undefined})).toMatchObject({
      message: 'gw does not listen on port 80.',
    })
  })
})
