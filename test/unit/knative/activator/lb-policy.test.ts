import {expect, test} from 'vitest'
import {
  firstAvailable,
  makeLbPolicy,
  randomChoiceOfTwo,
  roundRobin,
} from '../../../../src/knative/activator/lb-policy.ts'
import {PodTracker} from '../../../../src/knative/activator/pod-tracker.ts'

function pods(count: number, containerConcurrency: number): PodTracker[] {
  return Array.from({length: count}, (_, at) => new PodTracker(`${at}`, 8012, containerConcurrency))
}

test('the first available pod is filled before the next one gets anything', () => {
  const trackers = pods(2, 2)
  const picked = [1, 2, 3, 4, 5].map(() => firstAvailable(trackers)?.ip)
  expect(picked).toEqual(['0', '0', '1', '1', undefined])
  trackers[0]?.release()
  expect(firstAvailable(trackers)?.ip).toBe('0')
})

test('round robin goes on where it stopped, past full pods, also when pods are gone', () => {
  const policy = roundRobin()
  const trackers = pods(3, 2)
  expect([1, 2, 3, 4].map(() => policy(trackers)?.ip)).toEqual(['0', '1', '2', '0'])
  expect(policy(trackers.slice(0, 2))?.ip).toBe('1')
  expect(policy(trackers.slice(0, 2))).toBeUndefined()
  expect(policy(trackers)?.ip).toBe('2')
})

test('of two pods the less busy one is chosen', () => {
  const trackers = pods(2, 0)
  const policy = randomChoiceOfTwo(() => 0.9)
  expect([1, 2, 3].map(() => policy(trackers)?.ip)).toEqual(['1', '0', '1'])
  expect(trackers.map(({weight}) => weight)).toEqual([1, 2])
})

test('of many pods two different ones are compared', () => {
  const trackers = pods(4, 0)
  // The second draw is from the other three, so 0.25 of three means the first of them.
  const draws = [0.25, 0.25, 0.1]
  const policy = randomChoiceOfTwo(() => draws.shift() ?? 0)
  trackers[1]?.reserve()
  expect(policy(trackers)?.ip).toBe('0')
})

test('no pod, no choice', () => {
  for (const policy of [randomChoiceOfTwo(() => 0), firstAvailable, roundRobin()]) {
    expect(policy([])).toBeUndefined()
  }
})

test('the limit decides the policy', () => {
  expect(makeLbPolicy(1, Math.random)).toBe(firstAvailable)
  expect(makeLbPolicy(3, Math.random)).toBe(firstAvailable)
  const many = pods(2, 4)
  const inTurn = makeLbPolicy(4, Math.random)
  expect([inTurn(many)?.ip, inTurn(many)?.ip]).toEqual(['0', '1'])
})
