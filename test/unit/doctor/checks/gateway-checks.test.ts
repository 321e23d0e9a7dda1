import {describe, expect, test} from 'vitest'
import type {ConfigMap, CoreService, Pod} from '../../../../src/api/core/v1.ts'
import type {Gateway} from '../../../../src/api/istio/v1beta1.ts'
import type {KIngress} from '../../../../src/api/networking/v1alpha1.ts'
import {judgeGateways} from '../../../../src/doctor/checks/gateway-checks.ts'

const LABELS = {app: 'istio-ingressgateway', istio: 'ingressgateway'}

function service(name: string, selector: Record<string, string> = LABELS): CoreService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name, namespace: 'istio-system'},
    spec: {selector},
  }
}

function gateway(name: string, spec: Partial<Gateway['spec']> = {}): Gateway {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Gateway',
    metadata: {name, namespace: 'knative-serving'},
    spec: {
      selector: {istio: 'ingressgateway'},
      servers: [{hosts: ['*'], port: {number: 80, protocol: 'HTTP'}}],
      ...spec,
    },
  }
}

function configMap(data: Record<string, string>): ReadonlyMap<string, ConfigMap> {
  const metadata = {name: 'config-istio'}
  return new Map([['config-istio', {apiVersion: 'v1', kind: 'ConfigMap', metadata, data}]])
}

const POD: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'gateway', namespace: 'istio-system', labels: LABELS},
  spec: {containers: []},
  status: {conditions: [{type: 'Ready', status: 'True'}]},
}
const INGRESS: KIngress = {
  apiVersion: 'networking.internal.knative.dev/v1alpha1',
  kind: 'Ingress',
  metadata: {name: 'web', namespace: 'default'},
  spec: {
    httpOption: 'Enabled',
    rules: [{hosts: ['web.default.example.com'], visibility: 'ExternalIP'}],
  },
}
const FINE = {
  configMaps: configMap({}),
  gateways: [gateway('knative-ingress-gateway'), gateway('knative-local-gateway')],
  services: [service('istio-ingressgateway'), service('knative-local-gateway')],
  pods: [POD],
  ingresses: [INGRESS],
}

describe('judgeGateways', () => {
  test('is fine when each gateway has a Service with pods that it selects', () => {
    expect(judgeGateways(FINE).result).toBe('ok')
  })

  const local = gateway('knative-local-gateway')
  test.each<[string, Partial<typeof FINE>, string, string]>([
    [
      'a Service that is not there',
      {configMaps: configMap({'gateway.knative-ingress-gateway': 'nosuch.istio-system.svc'})},
      'The Service istio-system/nosuch, which config-istio names for the Gateway knative-serving/knative-ingress-gateway, does not exist.',
      'kubectl edit configmap config-istio -n knative-serving',
    ],
    [
      'a Gateway that is not there',
      {gateways: [local]},
      'The Gateway knative-serving/knative-ingress-gateway does not exist.',
      'kubectl get gateways.networking.istio.io -n knative-serving',
    ],
    [
      'a Service that selects nothing',
      {
        services: [
          service('istio-ingressgateway', {app: 'typo'}),
          service('knative-local-gateway'),
        ],
      },
      'The Service istio-system/istio-ingressgateway selects no pod that is ready: app=typo.',
      'kubectl get pods -n istio-system --show-labels',
    ],
    [
      'a Service whose pods are not ready',
      {pods: [{...POD, status: {conditions: [{type: 'Ready', status: 'False'}]}}]},
      'The Service istio-system/istio-ingressgateway selects no pod that is ready: app=istio-ingressgateway,istio=ingressgateway.',
      'kubectl get pods -n istio-system --show-labels',
    ],
    [
      'a Gateway for other pods',
      {gateways: [gateway('knative-ingress-gateway', {selector: {istio: 'other'}}), local]},
      'The Gateway knative-serving/knative-ingress-gateway selects other pods (istio=other) than its Service istio-system/istio-ingressgateway (app=istio-ingressgateway,istio=ingressgateway).',
      'kubectl edit gateways.networking.istio.io knative-ingress-gateway -n knative-serving',
    ],
    [
      'a Gateway for other hosts',
      {
        gateways: [
          gateway('knative-ingress-gateway', {
            servers: [{hosts: ['*.example.org'], port: {number: 80, protocol: 'HTTP'}}],
          }),
          local,
        ],
      },
      'The Gateway knative-serving/knative-ingress-gateway does not take web.default.example.com, the host of default/web.',
      'kubectl edit gateways.networking.istio.io knative-ingress-gateway -n knative-serving',
    ],
    [
      'an odd host in config-istio',
      {configMaps: configMap({'gateway.knative-ingress-gateway': 'gateway'})},
      'config-istio: unexpected service URL form: gateway',
      'kubectl edit configmap config-istio -n knative-serving',
    ],
  ])('names %s, and what to do about it', (_name, facts, message, command) => {
    expect(judgeGateways({...FINE, ...facts})).toMatchObject({result: 'error', message, command})
  })

  test.each<[string, Partial<KIngress['spec']>]>([
    ['a certificate', {tls: [{hosts: ['web.default.example.com'], secretName: 'cert'}]}],
    ['a redirect to https', {httpOption: 'Redirected'}],
  ])('does not ask the public gateway for a route with %s, which has its own', (_name, spec) => {
    const gateways = [
      gateway('knative-ingress-gateway', {
        servers: [{hosts: ['*.example.org'], port: {number: 80, protocol: 'HTTP'}}],
      }),
      gateway('knative-local-gateway'),
    ]
    const ingresses = [{...INGRESS, spec: {...INGRESS.spec, ...spec}}]
    expect(judgeGateways({...FINE, gateways, ingresses}).result).toBe('ok')
  })

  test('leaves a choice of gateways by labels alone', () => {
    const configMaps = configMap({'external-gateways': '[]'})
    expect(judgeGateways({...FINE, configMaps})).toEqual({
      result: 'skipped',
      reason: 'config-istio chooses gateways by external-gateways',
    })
  })
})
