import {describe, expect, test} from 'vitest'
import {replay} from '../../../../src/knative/autoscaler/replay.ts'

const spec = {
  MaxScaleUpRate: 1000,
  MaxScaleDownRate: 2,
  ScalingMetric: 'concurrency',
  TargetValue: 70,
  TotalValue: 100,
  TargetBurstCapacity: 211,
  ActivatorCapacity: 100,
  PanicThreshold: 2,
  StableWindowSeconds: 60,
  ScaleDownDelaySeconds: 0,
  InitialScale: 1,
  Reachable: true,
  ActivationScale: 0,
}
const trace = {
  name: 'load',
  spec,
  initialReadyPods: 1,
  baseUnixSeconds: 1_700_000_000,
  ticks: [{t: 0, stableValue: 140, panicValue: 140, readyPods: 1}],
}
const settings = {
  annotations: {'autoscaling.knative.dev/target': '10', 'autoscaling.knative.dev/max-scale': '3'},
  configmap: {'min-scale': '1'},
  containerConcurrency: 0,
  reachability: 'Reachable',
}

describe('replay', () => {
  test('decides upon a trace and keeps what else it says', () => {
    expect(replay(trace)).toEqual({
      ...trace,
      ticks: [{...trace.ticks[0], desiredPodCount: 2, excessBurstCapacity: -251, scaleValid: true}],
    })
  })

  test('leaves a moment without metrics undecided', () => {
    const tick = {t: 0, stableValue: 0, panicValue: 0, readyPods: 1, scaleValid: false}
    expect(replay({...trace, ticks: [tick]})).toEqual({...trace, ticks: [tick]})
  })

  test('takes settings together', () => {
    expect(replay(settings)).toMatchObject({
      decider: {TargetValue: 7, TotalValue: 10},
      scaleBounds: [1, 3],
    })
  })

  test.for([
    [null, 'a record needs "spec" and "ticks", or "annotations" and "configmap"'],
    [{}, 'a record needs "spec" and "ticks", or "annotations" and "configmap"'],
    [{...trace, ticks: 3}, 'ticks must be a list'],
    [{...trace, ticks: [{t: 0}]}, 'ticks[0].stableValue must be a number'],
    [{...trace, spec: {...spec, TargetValue: '70'}}, 'spec.TargetValue must be a number'],
    [{...trace, spec: {...spec, Reachable: 1}}, 'spec.Reachable must be true or false'],
    [{...settings, annotations: {a: 1}}, 'annotations must be an object of texts'],
    [{...settings, configmap: []}, 'configmap must be an object of texts'],
    [
      {...settings, configmap: {'stable-window': '1s'}},
      'stable-window = 1s, must be in [6s; 1h0m0s] range',
    ],
  ] as const)('%j: %s', ([record, message]) => {
    expect(() => replay(record)).toThrow(message)
  })
})
