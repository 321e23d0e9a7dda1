import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../../src/api/meta/object.ts'
import {
  validateIngress,
  validateIngressClass,
  validateIngressClassUpdate,
  validateIngressStatus,
  validateNewIngress,
} from '../../../../../src/kubernetes/apiserver/validation/ingress.ts'
import {validateNetworkPolicy} from '../../../../../src/kubernetes/apiserver/validation/network-policy.ts'
import {problemsOf} from './problems.ts'

const service = {name: 'web', port: {number: 80}}

function ruleFor(path: object): object {
  return {rules: [{http: {paths: [{path: '/', pathType: 'Prefix', backend: {service}, ...path}]}}]}
}

const PATH = 'spec.rules[0].http.paths[0]'

describe('an Ingress', () => {
  test.each<[spec: object, expected: readonly string[]]>([
    [ruleFor({}), []],
    [{defaultBackend: {service: {name: 'web', port: {name: 'http'}}}}, []],
    [{}, ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified']],
    [
      ruleFor({pathType: undefined}),
      [`${PATH}.pathType: Required value: pathType must be specified`],
    ],
    [
      ruleFor({pathType: 'Regex'}),
      [
        `${PATH}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
      ],
    ],
    [
      ruleFor({path: 'a//b'}),
      [
        `${PATH}.path: Invalid value: "a//b": must be an absolute path`,
        `${PATH}.path: Invalid value: "a//b": must not contain '//'`,
      ],
    ],
    [ruleFor({path: '/a/..'}), [`${PATH}.path: Invalid value: "/a/..": cannot end with '/..'`]],
    [
      ruleFor({backend: {}}),
      [`${PATH}.backend: Invalid value: "": resource or service backend is required`],
    ],
    [
      ruleFor({backend: {service: {name: 'web'}}}),
      [`${PATH}.backend: Required value: port name or number is required`],
    ],
    [
      {rules: [{host: '10.0.0.1'}]},
      ['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address'],
    ],
    [
      {rules: [{host: 'a.*.com'}]},
      [
        `spec.rules[0].host: Invalid value: "a.*.com": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    ],
    [{rules: [{host: '*.example.com', http: {}}]}, ['spec.rules[0].http.paths: Required value']],
  ])('of %j has %j', (spec, expected) => {
    expect(problemsOf(validateIngress({spec}))).toEqual(expected)
  })

  test('names one class, in whichever way', () => {
    const annotations = {'kubernetes.io/ingress.class': 'a'}
    expect(
      problemsOf(validateNewIngress({metadata: {annotations}, spec: {ingressClassName: 'b'}})),
    ).toEqual([
      'annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when both are specified',
    ])
  })

  test('is found at addresses and names', () => {
    const ingress = [{ip: '10.0.0.1'}, {hostname: '10.0.0.1'}, {ip: 'x'}]
    expect(problemsOf(validateIngressStatus({status: {loadBalancer: {ingress}}}))).toEqual([
      'status.loadBalancer.ingress[1].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
      'status.loadBalancer.ingress[2].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ])
  })
})

describe('an IngressClass', () => {
  test.each<[spec: object, expected: readonly string[]]>([
    [{controller: 'example.com/c'}, []],
    [{}, ['spec.controller: Required value']],
    [
      {controller: 'c'},
      [
        'spec.controller: Invalid value: "c": must be a domain-prefixed path (such as "acme.io/foo")',
      ],
    ],
    [
      {controller: 'example.com/c', parameters: {kind: 'K', scope: 'Namespace'}},
      [
        'spec.parameters.name: Required value',
        "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
      ],
    ],
  ])('of %j has %j', (spec, expected) => {
    expect(problemsOf(validateIngressClass({spec}))).toEqual(expected)
  })

  test('keeps its controller', () => {
    const old = {spec: {controller: 'example.com/c'}} as unknown as KubeObject
    expect(
      problemsOf(validateIngressClassUpdate({spec: {controller: 'example.com/d'}}, old)),
    ).toEqual(['spec.controller: Invalid value: "example.com/d": field is immutable'])
  })
})

describe('a NetworkPolicy', () => {
  const from = (peer: object): object => ({podSelector: {}, ingress: [{from: [peer]}]})
  const ports = (port: object): object => ({podSelector: {}, egress: [{ports: [port]}]})

  test.each<[spec: object, expected: readonly string[]]>([
    [from({podSelector: {}, namespaceSelector: {}}), []],
    [from({ipBlock: {cidr: '10.0.0.0/8', except: ['10.1.0.0/16']}}), []],
    [from({}), ['spec.ingress[0].from[0]: Required value: must specify a peer']],
    [
      from({podSelector: {}, ipBlock: {cidr: '10.0.0.0/8'}}),
      ['spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer'],
    ],
    [
      from({ipBlock: {cidr: '10.0.0.0/33'}}),
      [
        'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
    [
      from({ipBlock: {cidr: '10.0.0.0/8', except: ['11.0.0.0/16']}}),
      [
        'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
      ],
    ],
    [
      ports({port: 80, endPort: 79}),
      [
        'spec.egress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`',
      ],
    ],
    [
      ports({protocol: 'ICMP'}),
      [
        'spec.egress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"',
      ],
    ],
    [
      {podSelector: {}, policyTypes: ['Both']},
      ['spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"'],
    ],
  ])('of %j has %j', (spec, expected) => {
    expect(problemsOf(validateNetworkPolicy({spec}))).toEqual(expected)
  })
})
