import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {DeciderSpec} from '../../../../src/api/autoscaling/decider.ts'
import {KpaScaler, TICK_MS} from '../../../../src/knative/autoscaler/kpa-scaler.ts'
import {applyBounds} from '../../../../src/knative/controller/pod-autoscaler/scale.ts'

const anySpec: fc.Arbitrary<DeciderSpec> = fc.record({
  maxScaleUpRate: fc.double({min: 1.01, max: 1000, noNaN: true}),
  maxScaleDownRate: fc.double({min: 1.01, max: 10, noNaN: true}),
  scalingMetric: fc.constantFrom('concurrency', 'rps'),
  targetValue: fc.double({min: 0.01, max: 500, noNaN: true}),
  totalValue: fc.double({min: 0.01, max: 500, noNaN: true}),
  targetBurstCapacity: fc.constantFrom(-1, 0, 211),
  activatorCapacity: fc.constant(100),
  panicThreshold: fc.double({min: 1.1, max: 10, noNaN: true}),
  stableWindowMs: fc.integer({min: 6, max: 120}).map((seconds) => seconds * 1000),
  scaleDownDelayMs: fc.constantFrom(0, 0, 10_000, 60_000),
  initialScale: fc.constant(1),
  reachable: fc.boolean(),
  activationScale: fc.constantFrom(0, 1, 3),
})

const anyLoad = fc.oneof(fc.constant(0), fc.double({min: 0.01, max: 5000, noNaN: true}))

/** Ticks with their load, and the pods that are ready then. */
const anyTicks = fc.array(
  fc.record({
    stableValue: anyLoad,
    panicValue: anyLoad,
    readyPods: fc.nat({max: 60}),
  }),
  {minLength: 1, maxLength: 40},
)

function runScaler(
  spec: DeciderSpec,
  ticks: readonly {stableValue: number; panicValue: number; readyPods: number}[],
): number[] {
  const scaler = new KpaScaler(spec, 0, 0)
  return ticks.map((tick, index) => scaler.scale({...tick, nowMs: index * TICK_MS}).desiredPodCount)
}

test('every decision is a whole number of pods that is not negative', () => {
  fc.assert(
    fc.property(anySpec, anyTicks, (spec, ticks) => {
      for (const pods of runScaler(spec, ticks)) {
        expect(Number.isInteger(pods)).toBe(true)
        expect(pods).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})

test('no decision grows faster than the scale-up rate allows', () => {
  fc.assert(
    fc.property(anySpec, anyTicks, (spec, ticks) => {
      let highest = 0
      runScaler(spec, ticks).forEach((pods, index) => {
        const ready = Math.max(1, ticks[index]?.readyPods ?? 0)
        // In panic and within the delay, a decision of before stays in force.
        highest = Math.max(highest, Math.ceil(spec.maxScaleUpRate * ready), spec.activationScale)
        expect(pods).toBeLessThanOrEqual(highest)
      })
    }),
  )
})

test('a scale-down delay never asks for fewer pods than no delay', () => {
  fc.assert(
    fc.property(anySpec, anyTicks, (spec, ticks) => {
      const without = runScaler({...spec, scaleDownDelayMs: 0}, ticks)
      const delayed = runScaler({...spec, scaleDownDelayMs: 20_000}, ticks)
      expect(delayed.every((pods, index) => pods >= (without[index] ?? 0))).toBe(true)
    }),
  )
})

test('an active revision is never decided below its activation scale', () => {
  fc.assert(
    fc.property(anySpec, anyTicks, (spec, ticks) => {
      const pods = runScaler({...spec, activationScale: 3}, ticks)
      const whileActive = pods.filter((_, index) => (ticks[index]?.stableValue ?? 0) > 0)
      expect(whileActive.filter((count) => count < 3)).toEqual([])
    }),
  )
})

test('what is applied lies within the bounds', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), fc.nat(200), (min, more, wish) => {
      const bounds = {min, max: min + more}
      const scale = applyBounds(bounds, wish)
      expect(scale).toBeGreaterThanOrEqual(min)
      // 0 is no limit.
      expect(scale).toBeLessThanOrEqual(bounds.max || Number.POSITIVE_INFINITY)
    }),
  )
})
