/** From a KIngress to what the gateway does with requests: the order of the input means nothing. */
import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Gateway} from '../../../src/api/istio/v1beta1.ts'
import type {IngressRule, KIngress} from '../../../src/api/networking/v1alpha1.ts'
import {HeaderFields} from '../../../src/http/header-fields.ts'
import {buildRouteTable} from '../../../src/istio/gateway/route-table.ts'
import {
  type GatewayNames,
  makeVirtualServices,
  withIngressDefaults,
} from '../../../src/istio/net-istio/virtual-service.ts'

const GATEWAYS: GatewayNames = {
  ExternalIP: ['knative-serving/knative-ingress-gateway'],
  ClusterLocal: ['knative-serving/knative-local-gateway'],
}
const LABELS = {istio: 'ingressgateway'}
const PORTS = {ExternalIP: 80, ClusterLocal: 8081} as const

function gateway(name: string, port: number): Gateway {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Gateway',
    metadata: {name, namespace: 'knative-serving'},
    spec: {selector: LABELS, servers: [{hosts: ['*'], port: {number: port, protocol: 'HTTP'}}]},
  }
}

/** Rules as a Route makes them: a host per tag and visibility, each to revisions of its own. */
const anyRules: fc.Arbitrary<IngressRule[]> = fc
  .uniqueArray(fc.constantFrom('', 'a-', 'b-', 'blue-', 'web-'), {minLength: 1})
  .map((tags) =>
    tags.flatMap((tag): IngressRule[] => [
      rule(`${tag}svc.default.example.com`, 'ExternalIP', `${tag}svc-00001`),
      rule(`${tag}svc.default.svc.cluster.local`, 'ClusterLocal', `${tag}svc-00001`),
    ]),
  )

function rule(
  host: string,
  visibility: 'ExternalIP' | 'ClusterLocal',
  serviceName: string,
): IngressRule {
  const splits = [{serviceNamespace: 'default', serviceName, servicePort: 80, percent: 100}]
  return {hosts: [host], visibility, http: {paths: [{splits}]}}
}

function ingress(rules: IngressRule[]): KIngress {
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Ingress',
    metadata: {name: 'svc', namespace: 'default', uid: '1'},
    spec: {rules},
  }
}

/** Where a request to each host of the rules goes, through the whole translation. */
function destinations(rules: IngressRule[], asked: readonly IngressRule[]): unknown[] {
  const virtualServices = makeVirtualServices(withIngressDefaults(ingress(rules)), GATEWAYS)
  const table = buildRouteTable({
    virtualServices,
    gateways: [gateway('knative-ingress-gateway', 80), gateway('knative-local-gateway', 8081)],
    labels: LABELS,
  })
  return asked.flatMap(({hosts = [], visibility = 'ExternalIP'}) =>
    hosts.map((host) => {
      const request = {method: 'GET', host, path: '/', headers: new HeaderFields()}
      const verdict = table.find(PORTS[visibility], request)
      return verdict.kind === 'route'
        ? verdict.route.destinations.map(({name}) => name)
        : verdict.kind
    }),
  )
}

test('each host leads to its revision, whatever the order of the rules', () => {
  fc.assert(
    fc.property(
      anyRules.chain((rules) =>
        fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, {minLength: rules.length})),
      ),
      ([rules, shuffled]) => {
        const wanted = rules.map(({http}) => [`default/${http?.paths[0]?.splits[0]?.serviceName}`])
        expect(destinations(rules, rules)).toEqual(wanted)
        expect(destinations(shuffled, rules)).toEqual(wanted)
      },
    ),
  )
})

test('hosts of VirtualServices are sorted, whatever the order of the rules', () => {
  fc.assert(
    fc.property(
      anyRules.chain((rules) => fc.shuffledSubarray(rules, {minLength: rules.length})),
      (rules) => {
        for (const {spec} of makeVirtualServices(withIngressDefaults(ingress(rules)), GATEWAYS)) {
          expect(spec.hosts).toEqual(spec.hosts?.toSorted())
        }
      },
    ),
  )
})

test('the same KIngress gives the same VirtualServices', () => {
  fc.assert(
    fc.property(anyRules, (rules) => {
      const once = makeVirtualServices(withIngressDefaults(ingress(rules)), GATEWAYS)
      const again = makeVirtualServices(
        withIngressDefaults(ingress(structuredClone(rules))),
        GATEWAYS,
      )
      expect(again).toEqual(once)
    }),
  )
})
