import {describe, expect, test} from 'vitest'
import {parseAutoscalerConfig} from '../../../../src/api/config/autoscaler.ts'
import {
  setPodAutoscalerDefaults,
  validateMetric,
  validatePodAutoscaler,
} from '../../../../src/api/autoscaling/kinds-validation.ts'
import type {Metric, PodAutoscaler} from '../../../../src/api/autoscaling/v1alpha1.ts'
import {validateAutoscalingAnnotations} from '../../../../src/api/autoscaling/validation.ts'
import {admissionContext} from '../serving/contexts.ts'

const GROUP = 'autoscaling.knative.dev'

function judged(annotations: Record<string, string>, config: Record<string, string> = {}): string {
  const full = Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [`${GROUP}/${key}`, value]),
  )
  return validateAutoscalingAnnotations(parseAutoscalerConfig(config), full)
    .toString()
    .replaceAll(`${GROUP}/`, '')
}

describe('annotations', () => {
  test.each([
    [{}, ''],
    [{'min-scale': '2', 'max-scale': '5', class: 'kpa.autoscaling.knative.dev'}, ''],
    [
      {'min-scale': '4', maxScale: '2'},
      'max-scale=2 is less than min-scale=4: max-scale, min-scale',
    ],
    [{'min-scale': '3147483648'}, 'expected 0 <= 3147483648 <= 2147483647: min-scale'],
    [{class: 'other.knative.dev'}, 'invalid value: other.knative.dev: class'],
    [{class: 'other.example.com', metric: 'anything'}, ''],
    [{class: 'hpa.autoscaling.knative.dev', metric: 'cpu'}, ''],
    [{class: 'hpa.autoscaling.knative.dev', metric: ''}, 'invalid value: : metric'],
    [{metric: 'cpu'}, 'invalid value: cpu: metric'],
    [
      {class: 'kpa.autoscaling.knative.dev', metricAggregationAlgorithm: 'x'},
      'invalid value: x: metricAggregationAlgorithm',
    ],
    [
      {class: 'kpa.autoscaling.knative.dev', 'metric-aggregation-algorithm': 'weightedExponential'},
      '',
    ],
    [
      {'activation-scale': '3', 'min-scale': '4'},
      'min-scale=4 is greater than activation-scale=3: activation-scale',
    ],
    [
      {'activation-scale': '3', 'max-scale': '2'},
      'max-scale=2 is less than activation-scale=3: activation-scale',
    ],
    [{target: '-0.1'}, 'target -0.1 should be at least 0.01: target'],
    [{targetUtilizationPercentage: '101'}, 'expected 1 <= 101 <= 100: targetUtilizationPercentage'],
    [
      {'panic-threshold-percentage': '109'},
      'expected 110 <= 109 <= 1000: panic-threshold-percentage',
    ],
    [{'target-burst-capacity': '-1'}, ''],
    [{'scale-to-zero-pod-retention-period': '1.5s'}, ''],
    [{'scale-down-delay': 'x'}, 'invalid value: x: scale-down-delay'],
  ])('%j', (annotations, text) => {
    expect(judged(annotations)).toBe(text)
  })

  test('a limit of the cluster binds, and unlimited is above it', () => {
    const limited = {'max-scale-limit': '10', 'max-scale': '10'}
    expect(judged({'max-scale': '11'}, limited)).toBe('expected 1 <= 11 <= 10: max-scale')
    expect(judged({'max-scale': '0'}, limited)).toBe(
      'max-scale=0 (unlimited), must be less than 10: max-scale',
    )
    expect(judged({}, limited)).toBe('')
  })

  test('nothing may begin with no pod unless the cluster allows it', () => {
    expect(judged({initialScale: '0'})).toBe(
      'invalid value: 0: initialScale=0 not allowed by cluster',
    )
    expect(judged({'initial-scale': '0'}, {'allow-zero-initial-scale': 'true'})).toBe('')
  })

  test('the metric is judged by the class of the cluster where none is given', () => {
    const hpa = {'pod-autoscaler-class': 'hpa.autoscaling.knative.dev'}
    expect(judged({metric: 'memory'}, hpa)).toBe('')
  })
})

describe('a PodAutoscaler', () => {
  const SPEC: PodAutoscaler['spec'] = {
    protocolType: 'http1',
    scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web-1-deployment'},
  }
  const podAutoscaler = (spec: object = {}): PodAutoscaler => ({
    apiVersion: 'autoscaling.internal.knative.dev/v1alpha1',
    kind: 'PodAutoscaler',
    metadata: {name: 'web-1'},
    spec: {...SPEC, ...spec},
  })

  test('gets class and metric', () => {
    const object = podAutoscaler()
    setPodAutoscalerDefaults(object, parseAutoscalerConfig({}))
    expect(object.metadata.annotations).toEqual({
      [`${GROUP}/class`]: 'kpa.autoscaling.knative.dev',
      [`${GROUP}/metric`]: 'concurrency',
    })
  })

  test.each([
    [{}, ''],
    [{protocolType: ''}, 'missing field(s): spec.protocolType'],
    [{protocolType: 'spdy'}, 'invalid value: spdy: spec.protocolType'],
    [{containerConcurrency: -1}, 'expected 0 <= -1 <= 1000: spec.containerConcurrency'],
    [
      {scaleTargetRef: {kind: 'Deployment', name: 'a', namespace: 'b'}},
      'missing field(s): spec.scaleTargetRef.apiVersion\nmust not set the field(s): spec.scaleTargetRef.namespace',
    ],
    [{scaleTargetRef: {}, protocolType: '', containerConcurrency: 0}, 'missing field(s): spec'],
  ])('%j', (spec, text) => {
    expect(validatePodAutoscaler(podAutoscaler(spec), admissionContext()).toString()).toBe(text)
  })
})

test('a Metric measures something', () => {
  const metric = (spec: Partial<Metric['spec']>): Metric => ({
    apiVersion: 'autoscaling.internal.knative.dev/v1alpha1',
    kind: 'Metric',
    metadata: {name: 'web-1'},
    spec: {stableWindow: 0, panicWindow: 0, scrapeTarget: '', ...spec},
  })
  const errors = (object: Metric): string => validateMetric(object, admissionContext()).toString()
  expect(errors(metric({}))).toBe('missing field(s): spec')
  expect(errors(metric({scrapeTarget: 'web-1-private'}))).toBe('')
})
