import {describe, expect, test} from 'vitest'
import type {Deployment, EndpointSlice} from '../../../../src/api/apps/v1.ts'
import type {ConfigMap, Pod} from '../../../../src/api/core/v1.ts'
import {exampleChecksum} from '../../../../src/api/config/example.ts'
import {
  judgeAutoscalers,
  judgeComponents,
  judgeDomain,
  judgeExamples,
  judgeGatewayLabels,
  judgeIngressClass,
  judgeKnativeWebhooks,
  judgePods,
} from '../../../../src/doctor/checks/knative-checks.ts'

function deployment(name: string, available: number): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name, namespace: 'knative-serving', generation: 1},
    spec: {replicas: 1, selector: {}, template: {spec: {containers: []}}},
    status: {observedGeneration: 1, updatedReplicas: available, availableReplicas: available},
  }
}

function configMaps(name: string, data: Record<string, string>, checksum?: string) {
  const configMap: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      ...(checksum !== undefined && {annotations: {'knative.dev/example-checksum': checksum}}),
    },
    data,
  }
  return new Map([[name, configMap]])
}

describe('judgeComponents', () => {
  const names = ['knative-serving/activator', 'knative-serving/controller']

  test('is fine when each has its pods', () => {
    const all = [deployment('activator', 1), deployment('controller', 1)]
    expect(judgeComponents(all, names).result).toBe('ok')
  })

  test('names the one that has none, and how to see why', () => {
    expect(
      judgeComponents([deployment('activator', 1), deployment('controller', 0)], names),
    ).toEqual({
      result: 'error',
      message: 'A component is not available: knative-serving/controller (0 of 1 available).',
      evidence: ['knative-serving/controller (0 of 1 available)'],
      command: 'kubectl describe deployment controller -n knative-serving',
    })
  })

  test('counts those that are not there at all', () => {
    expect(judgeComponents([], names)).toMatchObject({
      message: '2 components are not available, first knative-serving/activator (not there).',
    })
  })
})

describe('judgePods', () => {
  const pod = (reason: string, message: string): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'activator-x', namespace: 'knative-serving'},
    spec: {containers: []},
    status: {
      containerStatuses: [
        {
          name: 'activator',
          image: 'gcr.io/activator',
          imageID: '',
          ready: false,
          restartCount: 0,
          state: {waiting: {reason, message}},
        },
      ],
    },
  })

  test('says what keeps an image away, and what the nodes need', () => {
    expect(judgePods([pod('ImagePullBackOff', 'no such host')])).toMatchObject({
      result: 'error',
      message: 'activator-x ImagePullBackOff: gcr.io/activator: no such host.',
      hint: 'The nodes have to reach the registry, or a mirror with these images.',
      command: 'kubectl describe pod activator-x -n knative-serving',
    })
  })

  test('has nothing to say about pods that are being made', () => {
    expect(judgePods([pod('ContainerCreating', '')]).result).toBe('ok')
  })
})

describe('judgeKnativeWebhooks', () => {
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: {name: 'validation.webhook.serving.knative.dev'},
    webhooks: [
      {
        name: 'validation.webhook.serving.knative.dev',
        clientConfig: {caBundle: 'Q0E=', service: {namespace: 'knative-serving', name: 'webhook'}},
      },
    ],
  }
  const slice = (ready: boolean): EndpointSlice => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'webhook-x',
      namespace: 'knative-serving',
      labels: {'kubernetes.io/service-name': 'webhook'},
    },
    addressType: 'IPv4',
    endpoints: [{addresses: ['10.0.0.1'], conditions: {ready}}],
  })

  test('an address that is not ready is none', () => {
    const facts = {configurations: [configuration], slices: [slice(false)]}
    expect(judgeKnativeWebhooks(facts)).toMatchObject({
      result: 'error',
      message:
        'The webhooks are not ready: there is not yet a ready address behind the Service knative-serving/webhook (0 of 1).',
    })
    expect(judgeKnativeWebhooks({...facts, slices: [slice(true)]}).result).toBe('ok')
  })
})

describe('judgeDomain', () => {
  test.each([
    [{'knative.example.com': ''}, 'ok'],
    [{}, 'error'],
    [{'knative.example.com': 'selector:\n  app: web\n'}, 'error'],
    [{'knative.example.com': '', 'apps.example.com': ''}, 'warning'],
    [{'other.example.com': ''}, 'warning'],
  ])('%j', (data: Record<string, string>, result) => {
    const facts = {configMaps: configMaps('config-domain', data), wanted: 'knative.example.com'}
    expect(judgeDomain(facts).result).toBe(result)
  })

  test('says which of two domains wins, and how to drop the other', () => {
    const data = {'knative.example.com': '', 'apps.example.com': ''}
    const facts = {configMaps: configMaps('config-domain', data), wanted: 'knative.example.com'}
    expect(judgeDomain(facts)).toMatchObject({
      message:
        'config-domain has several domains for all services: apps.example.com, knative.example.com; Knative uses apps.example.com for every one.',
      command: expect.stringContaining('"apps.example.com":null'),
    })
  })
})

describe('the other settings', () => {
  test('a change inside of _example is found by its checksum', () => {
    const sum = exampleChecksum('stable-window: "60s"')
    const as = (text: string) =>
      judgeExamples(configMaps('config-autoscaler', {_example: text}, sum))
    expect(as('stable-window: "60s"').result).toBe('ok')
    expect(as('stable-window: "30s"')).toMatchObject({
      result: 'warning',
      message: 'config-autoscaler: a change is inside _example, where it has no effect.',
    })
  })

  test('the ingress class of another networking layer is an error with its patch', () => {
    const data = {'ingress-class': 'kourier.ingress.networking.knative.dev'}
    expect(judgeIngressClass(configMaps('config-network', data))).toMatchObject({
      result: 'error',
      command: expect.stringContaining('istio.ingress.networking.knative.dev'),
    })
    expect(judgeIngressClass(configMaps('config-network', {})).result).toBe('ok')
  })

  test('a gateway without its label is not found by net-istio', () => {
    const service = {apiVersion: 'v1', kind: 'Service', metadata: {name: 'x'}, spec: {}}
    expect(judgeGatewayLabels(service).result).toBe('error')
    const metadata = {name: 'x', labels: {istio: 'ingressgateway'}}
    expect(judgeGatewayLabels({...service, metadata}).result).toBe('ok')
  })
})

describe('judgeAutoscalers', () => {
  const autoscaler = (status: string, reason: string) => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {name: 'istiod', namespace: 'istio-system'},
    status: {conditions: [{type: 'ScalingActive', status, reason, message: 'no metrics'}]},
  })

  test('one without metrics is a warning, one that is switched off is none', () => {
    expect(judgeAutoscalers([autoscaler('False', 'FailedGetResourceMetric')])).toMatchObject({
      result: 'warning',
      message:
        'An autoscaler knows no load of its pods: istio-system/istiod FailedGetResourceMetric: no metrics',
    })
    expect(judgeAutoscalers([autoscaler('False', 'ScalingDisabled')]).result).toBe('ok')
    expect(judgeAutoscalers([autoscaler('True', 'ValidMetricFound')]).result).toBe('ok')
  })
})
