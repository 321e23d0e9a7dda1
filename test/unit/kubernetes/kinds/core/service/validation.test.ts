import {describe, expect, test} from 'vitest'
import {defaultService} from '../../../../../../src/kubernetes/kinds/core/service/defaults.ts'
import type {JsonObject} from '../../../../../../src/kubernetes/apiserver/json-value.ts'
import {validateStack} from '../../../../../../src/kubernetes/kinds/core/service/address-families.ts'
import {
  validateService,
  validateServiceUpdate,
} from '../../../../../../src/kubernetes/kinds/core/service/validation.ts'
import {problemsOf} from '../../problems.ts'

const ONLY_BALANCED = "Forbidden: may only be used when `type` is 'LoadBalancer'"
const NOT_A_RANGE = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
const ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges'

function service(spec: object, annotations: object = {}): JsonObject {
  const object = {metadata: {annotations}, spec: {ports: [{port: 80}], ...spec}}
  defaultService(object)
  return object
}

describe('a Service', () => {
  test.each<[spec: object, expected: readonly string[]]>([
    [{ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack'}, []],
    [
      {ipFamilies: ['IPv5', 'IPv4', 'IPv4']},
      [
        'spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"',
        'spec.ipFamilies[2]: Duplicate value: "IPv4"',
      ],
    ],
    [
      {ipFamilyPolicy: 'Both'},
      [
        'spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
      ],
    ],
    [
      {type: 'ExternalName', externalName: 'a.b', ipFamilies: ['IPv4'], ipFamilyPolicy: 'Both'},
      [
        'spec.ipFamilies: Forbidden: may not be set for ExternalName services',
        'spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services',
      ],
    ],
    [{type: 'LoadBalancer', loadBalancerSourceRanges: [' 10.0.0.0/8 ', '::/0']}, []],
    [
      {type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8', '10.0.0.0/33']},
      [`spec.LoadBalancerSourceRanges[1]: Invalid value: "10.0.0.0/33": ${NOT_A_RANGE}`],
    ],
    [
      {loadBalancerSourceRanges: ['10.0.0.0/8']},
      [`spec.LoadBalancerSourceRanges: ${ONLY_BALANCED}`],
    ],
    [{loadBalancerClass: 'a/b'}, [`spec.loadBalancerClass: ${ONLY_BALANCED}`]],
    [{externalIPs: ['1.2.3.4'], externalTrafficPolicy: 'Local'}, []],
    [
      {externalTrafficPolicy: 'Local'},
      [
        'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
      ],
    ],
    [
      {type: 'NodePort', externalTrafficPolicy: 'Near'},
      [
        'spec.externalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"',
      ],
    ],
    [
      {type: 'NodePort', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_000},
      [
        "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ],
    ],
  ])('of %j has %j', (spec, expected) => {
    expect(problemsOf(validateService(service(spec)))).toEqual(expected)
  })

  test.each<[type: string, ranges: string, expected: readonly string[]]>([
    ['LoadBalancer', '10.0.0.0/8, 11.0.0.0/8', []],
    ['LoadBalancer', ' ', []],
    [
      'LoadBalancer',
      '10.0.0.0/8,x',
      [`metadata.annotations[${ANNOTATION}]: Invalid value: "x": ${NOT_A_RANGE}`],
    ],
    ['ClusterIP', '10.0.0.0/8', [`metadata.annotations[${ANNOTATION}]: ${ONLY_BALANCED}`]],
  ])('of type %s annotated with the ranges %j has %j', (type, ranges, expected) => {
    const annotated = service({type}, {[ANNOTATION]: ranges})
    expect(problemsOf(validateService(annotated))).toEqual(expected)
  })

  test('that can be reached from outside has a policy for that', () => {
    const {spec} = service({externalIPs: ['1.2.3.4']})
    expect(spec).toMatchObject({externalTrafficPolicy: 'Cluster'})
  })

  test('keeps its families', () => {
    const change = validateServiceUpdate(
      service({ipFamilies: ['IPv6']}),
      service({ipFamilies: ['IPv4']}),
    )
    expect(problemsOf(change)).toEqual([
      'spec.ipFamilies[0]: Invalid value: ["IPv6"]: may not change once set',
    ])
  })
})

describe('a cluster with IPv4 only', () => {
  test.each<[spec: object, expected: readonly string[]]>([
    [{ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4']}, []],
    [{clusterIP: 'None', ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6']}, []],
    [
      {ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6']},
      [
        'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
        'spec.ipFamilies[1]: Invalid value: "IPv6": not configured on this cluster',
      ],
    ],
  ])('answers %j with %j', (spec, expected) => {
    expect(problemsOf(validateStack({...spec}))).toEqual(expected)
  })
})
