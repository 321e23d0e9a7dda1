import {describe, expect, test} from 'vitest'
import {replayRecords} from '../../../../src/operations/autoscaling/replay-records.ts'

const SETTINGS = {
  annotations: {'autoscaling.knative.dev/target': '10'},
  configmap: {},
  containerConcurrency: 0,
  reachability: '',
}
const SPEC = {
  MaxScaleUpRate: 1000,
  MaxScaleDownRate: 2,
  ScalingMetric: 'concurrency',
  TargetValue: 7,
  TotalValue: 10,
  TargetBurstCapacity: 211,
  ActivatorCapacity: 100,
  PanicThreshold: 2,
  StableWindowSeconds: 60,
  ScaleDownDelaySeconds: 0,
  InitialScale: 1,
  Reachable: true,
  ActivationScale: 0,
}
const TRACE = {
  name: 'a name of mine',
  spec: SPEC,
  initialReadyPods: 1,
  baseUnixSeconds: 1_700_000_000,
  ticks: [{t: 0, stableValue: 35, panicValue: 35, readyPods: 1}],
}

describe('replayed records', () => {
  test('each line is answered by one of the same shape, in order', () => {
    const text = `${JSON.stringify(TRACE)}\n\n${JSON.stringify(SETTINGS)}`
    const lines = [...replayRecords(text, 'file')].map((line) => JSON.parse(line) as object)
    expect(lines).toEqual([
      {
        ...TRACE,
        ticks: [
          {
            ...TRACE.ticks[0],
            desiredPodCount: 5,
            excessBurstCapacity: -236,
            scaleValid: true,
          },
        ],
      },
      {...SETTINGS, decider: SPEC, scaleBounds: [0, 0]},
    ])
  })

  test('what stands before a bad record is decided, and the error names line and field', () => {
    const {initialReadyPods: _, ...bad} = TRACE
    const answers = replayRecords(
      `${JSON.stringify(SETTINGS)}\n${JSON.stringify(bad)}\n`,
      'x.jsonl',
    )
    expect(answers.next().done).toBe(false)
    expect(() => answers.next()).toThrow('x.jsonl, line 2: initialReadyPods must be a number')
  })

  test('a line that is no JSON is refused with its number', () => {
    expect(() => [...replayRecords('\n{', 'x')]).toThrow(/^x, line 2: /)
  })
})
