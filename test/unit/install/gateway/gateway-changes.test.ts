import {describe, expect, test} from 'vitest'
import type {CoreService} from '../../../../src/api/core/v1.ts'
import {decideGateway, needsMigration} from '../../../../src/install/gateway/gateway-changes.ts'
import {gatewayService} from '../../../../src/install/gateway/gateway-service.ts'
import {DEFAULT_NLB, type NlbSettings} from '../../../../src/install/gateway/nlb-settings.ts'

const AWS = 'service.beta.kubernetes.io/aws-load-balancer-'
const NLB_HOST = 'istio-ingressgateway-0123456789abcdef.elb.eu-central-1.amazonaws.com'
const CLASSIC_HOST = 'a1b2c3d4-123.eu-central-1.elb.amazonaws.com'
const MANIFEST: CoreService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {name: 'istio-ingressgateway', namespace: 'istio-system'},
  spec: {type: 'LoadBalancer', ports: [{name: 'http2', port: 80}]},
}

function wanted(nlb: Partial<NlbSettings> = {}): CoreService {
  return gatewayService(MANIFEST, {
    loadBalancer: {kind: 'nlb', nlb: {...DEFAULT_NLB, ...nlb}},
    hostnames: [],
  })
}

interface LiveOptions {
  annotations?: Record<string, string>
  spec?: Partial<CoreService['spec']>
  hostname?: string
  finalizers?: string[]
}

function live({annotations, spec, hostname, finalizers}: LiveOptions = {}): CoreService {
  return {
    ...MANIFEST,
    metadata: {
      ...MANIFEST.metadata,
      ...(annotations && {annotations}),
      ...(finalizers && {finalizers}),
    },
    spec: {...MANIFEST.spec, ...spec},
    ...(hostname !== undefined && {status: {loadBalancer: {ingress: [{hostname}]}}}),
  }
}

/** A Service as kntool made it, with a load balancer. */
function made(nlb: Partial<NlbSettings> = {}): CoreService {
  return {...wanted(nlb), status: {loadBalancer: {ingress: [{hostname: NLB_HOST}]}}}
}

function effects(wantedService: CoreService, liveService: CoreService): string[] {
  return decideGateway(wantedService, liveService).changes.map(
    ({field, from, to, effect}) => `${effect}: ${field.replace(AWS, '')} ${from} → ${to}`,
  )
}

describe('nothing that could be lost', () => {
  test('a Service that is not there is made as wanted', () => {
    expect(decideGateway(wanted(), undefined)).toEqual({
      service: wanted(),
      changes: [],
      removals: [],
      warnings: [],
    })
  })

  test('a Service without a load balancer becomes one with its class', () => {
    const decision = decideGateway(wanted(), live({spec: {type: 'ClusterIP'}}))
    expect(decision.service.spec.loadBalancerClass).toBe('service.k8s.aws/nlb')
    expect(decision.changes).toEqual([])
  })

  test('the same settings again change nothing', () => {
    expect(effects(wanted(), made())).toEqual([])
  })
})

describe('an NLB of the controller', () => {
  test.each([
    [{scheme: 'internal'}, ['replaces: scheme internet-facing → internal']],
    [{targetType: 'ip'}, expect.arrayContaining(['interrupts: nlb-target-type instance → ip'])],
    [{subnets: ['a', 'b']}, ['interrupts: subnets  → a,b']],
    [
      {sourceRanges: ['10.0.0.0/8']},
      ['safe: service.beta.kubernetes.io/load-balancer-source-ranges 0.0.0.0/0 → 10.0.0.0/8'],
    ],
    [
      {crossZone: false},
      [
        'safe: attributes load_balancing.cross_zone.enabled=true → load_balancing.cross_zone.enabled=false',
      ],
    ],
    [{name: 'another'}, []],
  ] as [Partial<NlbSettings>, string[]][])('%j', (nlb, expected) => {
    expect(effects(wanted(nlb), made())).toEqual(expected)
  })

  test('joins another zone without harm, leaves one with an interruption', () => {
    expect(effects(wanted({subnets: ['a', 'b']}), made({subnets: ['a']}))).toEqual([
      'safe: subnets a → a,b',
    ])
    expect(effects(wanted({subnets: ['a']}), made({subnets: ['a', 'b']}))).toEqual([
      'interrupts: subnets a,b → a',
    ])
    expect(effects(wanted({subnets: ['b', 'a']}), made({subnets: ['a', 'b']}))).toEqual([
      'safe: subnets a,b → b,a',
    ])
  })

  test('keeps its name, and that is said', () => {
    const decision = decideGateway(wanted({name: 'another'}), made())
    expect(decision.service.metadata.annotations?.[`${AWS}name`]).toBe('istio-ingressgateway')
    expect(decision.warnings).toEqual([
      'The load balancer keeps "istio-ingressgateway": a name is read only when it is made.',
    ])
  })

  test('made by annotations alone, it gets no class: the API would refuse it', () => {
    const byAnnotations = live({
      annotations: {[`${AWS}type`]: 'external', [`${AWS}nlb-target-type`]: 'instance'},
      hostname: NLB_HOST,
    })
    const decision = decideGateway(wanted({scheme: 'internal'}), byAnnotations)
    expect(decision.service.spec.loadBalancerClass).toBeUndefined()
    expect(needsMigration(decision, byAnnotations)).toBe(false)
  })

  test('an attribute left out stays in force, and that is said', () => {
    const before = made({attributes: {'deletion_protection.enabled': 'true'}})
    expect(decideGateway(wanted(), before).warnings).toEqual([
      'deletion_protection.enabled=true stays in force: leaving an attribute out does not reset it.',
    ])
  })
})

describe("the walkthrough's own Service", () => {
  const byHand = live({
    annotations: {
      [`${AWS}type`]: 'external',
      [`${AWS}nlb-target-type`]: 'instance',
      [`${AWS}scheme`]: 'internet-facing',
      [`${AWS}internal`]: 'true',
      [`${AWS}name`]: 'istio-ingressgateway',
      [`${AWS}attributes`]: 'load_balancing.cross_zone.enabled=true',
      'service.beta.kubernetes.io/load-balancer-source-ranges': '0.0.0.0/0',
    },
    hostname: NLB_HOST,
  })

  test('loses "internal", which contradicts the scheme, without harm', () => {
    const decision = decideGateway(wanted(), byHand)
    expect(decision.removals).toEqual([`${AWS}internal`])
    expect(effects(wanted(), byHand)).toEqual(['safe: internal true → '])
  })

  test('without a scheme, "internal" is what counts', () => {
    const {[`${AWS}scheme`]: _, ...annotations} = byHand.metadata.annotations ?? {}
    const service = live({annotations, hostname: NLB_HOST})
    expect(effects(wanted(), service)).toContain('replaces: scheme internal → internet-facing')
  })
})

describe('a load balancer of the cloud provider', () => {
  test('is deleted first, because it would leak', () => {
    const classic = live({hostname: CLASSIC_HOST})
    const decision = decideGateway(wanted(), classic)
    expect(decision.changes).toEqual([
      {
        field: 'spec.loadBalancerClass',
        from: '',
        to: 'service.k8s.aws/nlb',
        effect: 'migrates',
        explanation:
          `the classic load balancer ${CLASSIC_HOST} is deleted first, since nobody would delete it ` +
          'later; nothing is reachable until the new one is there',
      },
    ])
    expect(needsMigration(decision, classic)).toBe(true)
  })

  test('that has not been made yet is no loss', () => {
    expect(effects(wanted(), live())).toEqual([
      'safe: spec.loadBalancerClass  → service.k8s.aws/nlb',
    ])
  })

  test('without an address, but with the finalizer of its maker, may be there', () => {
    const pending = live({finalizers: ['service.kubernetes.io/load-balancer-cleanup']})
    expect(effects(wanted(), pending)[0]).toMatch(/^migrates/)
  })
})

test('a Service nobody handles gets what it lacks', () => {
  const ignored = live({annotations: {[`${AWS}type`]: 'external'}})
  expect(effects(wanted(), ignored)).toContain('safe: nlb-target-type  → instance')
})

test('a Service of another class is left to its controller', () => {
  const auto = live({spec: {loadBalancerClass: 'eks.amazonaws.com/nlb'}})
  expect(() => decideGateway(wanted(), auto)).toThrow(
    'The Service istio-system/istio-ingressgateway has the class eks.amazonaws.com/nlb, which cannot be changed',
  )
})

test('taking the load balancer away says which', () => {
  const none = gatewayService(MANIFEST, {loadBalancer: {kind: 'none'}, hostnames: []})
  expect(decideGateway(none, made()).changes).toEqual([
    {
      field: 'spec.type',
      from: 'LoadBalancer',
      to: 'ClusterIP',
      effect: 'removes',
      explanation: `the load balancer ${NLB_HOST} is deleted`,
    },
  ])
})

test('where the cluster decides, class and annotations of the Service stay', () => {
  const plain = gatewayService(MANIFEST, {loadBalancer: {kind: 'service'}, hostnames: []})
  const {service, changes} = decideGateway(plain, made())
  expect(changes).toEqual([])
  expect(service.spec.loadBalancerClass).toBe('service.k8s.aws/nlb')
  expect(service.metadata.annotations).toEqual(made().metadata.annotations)
})

test('misspelt annotations and ranges that win elsewhere are pointed out', () => {
  const service = live({
    annotations: {[`${AWS}sheme`]: 'internal', [`${AWS}listener-attributes.TCP-80`]: 'x=y'},
    spec: {loadBalancerSourceRanges: ['10.0.0.0/8']},
  })
  expect(decideGateway(wanted(), service).warnings).toEqual([
    `The annotation ${AWS}sheme of istio-system/istio-ingressgateway is unknown: nobody reads it.`,
    'spec.loadBalancerSourceRanges of istio-system/istio-ingressgateway (10.0.0.0/8) wins over the annotation.',
  ])
})
