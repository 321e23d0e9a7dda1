import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {
  type ConfigurationRollout,
  isDone,
  NO_STEP,
  parseRollout,
  type RevisionShare,
  type Rollout,
  serializeRollout,
} from '../../../../../src/knative/controller/route/rollout.ts'
import {
  adjustShares,
  planSteps,
  stepRollout,
} from '../../../../../src/knative/controller/route/rollout-step.ts'

const SECOND = 1_000_000_000n

function shares(text: string): RevisionShare[] {
  return text === ''
    ? []
    : text.split(' ').map((part) => {
        const [revisionName = '', percent = ''] = part.split('=')
        return {revisionName, percent: Number(percent)}
      })
}

function rolloutOf(text: string, changes: Partial<ConfigurationRollout> = {}): Rollout {
  const revisions = shares(text)
  const percent = revisions.reduce((sum, share) => sum + share.percent, 0)
  return [{configurationName: 'c', tag: '', percent, revisions, step: NO_STEP, ...changes}]
}

function textOf(rollout: Rollout): string {
  return rollout
    .flatMap(({revisions}) => revisions)
    .map(({revisionName, percent}) => `${revisionName}=${percent}`)
    .join(' ')
}

describe('a rollout', () => {
  test('goes to its goal at once where nothing was before', () => {
    const goal = rolloutOf('a=100')
    expect(stepRollout(goal, undefined, SECOND)).toEqual({rollout: goal, nextStepTimeNs: 0n})
    expect(stepRollout(goal, [], SECOND)).toEqual({rollout: goal, nextStepTimeNs: 0n})
  })

  test('begins with one percent and waits for the ingress', () => {
    const {rollout, nextStepTimeNs} = stepRollout(rolloutOf('b=100'), rolloutOf('a=100'), SECOND)
    expect(textOf(rollout)).toBe('a=99 b=1')
    expect(rollout[0]?.step).toEqual({...NO_STEP, startTimeNs: SECOND})
    expect(nextStepTimeNs).toBe(0n)
    const later = stepRollout(rolloutOf('b=100'), rollout, 100n * SECOND)
    expect(later.rollout).toEqual(rollout)
  })

  test('takes 20 seconds in steps of five percent, as a genuine Knative does', () => {
    const begun = stepRollout(rolloutOf('b=100'), rolloutOf('a=100'), SECOND).rollout
    let rollout = planSteps(begun, SECOND + SECOND / 3n, 20)
    expect(rollout[0]?.step).toEqual({
      startTimeNs: SECOND,
      nextStepTimeNs: 2n * SECOND + SECOND / 3n,
      stepDurationNs: SECOND,
      stepSize: 5,
    })
    const seen: string[] = []
    for (let second = 2n; !isDone(rollout); second += 1n) {
      const nowNs = second * SECOND + SECOND / 3n
      rollout = stepRollout(rolloutOf('b=100'), rollout, nowNs).rollout
      seen.push(textOf(rollout))
    }
    expect(seen.slice(0, 3)).toEqual(['a=94 b=6', 'a=89 b=11', 'a=84 b=16'])
    expect(seen.slice(-2)).toEqual(['a=4 b=96', 'b=100'])
    expect(seen).toHaveLength(20)
    expect(rollout[0]?.step).toEqual(NO_STEP)
  })

  test.each([
    ['a slow ingress makes the steps longer', 10, 40, {seconds: 10n, size: 33}],
    ['a rollout shorter than a step is one jump', 30, 20, {seconds: 1n, size: 99}],
    ['a step is never less than a percent', 1, 1000, {seconds: 10n, size: 1}],
  ])('%s', (_name, elapsedSeconds, durationSeconds, {seconds, size}) => {
    const begun = rolloutOf('a=99 b=1', {step: {...NO_STEP, startTimeNs: SECOND}})
    const now = SECOND + BigInt(elapsedSeconds) * SECOND
    const [planned] = planSteps(begun, now, durationSeconds)
    expect(planned?.step.stepSize).toBe(size)
    expect((planned?.step.stepDurationNs ?? 0n) / SECOND).toBe(seconds)
  })

  test('does not plan again what is planned', () => {
    const begun = rolloutOf('a=99 b=1', {step: {...NO_STEP, startTimeNs: SECOND}})
    const planned = planSteps(begun, 2n * SECOND, 20)
    expect(planSteps(planned, 5n * SECOND, 20)).toEqual(planned)
  })

  test('does not step before its time, and says when that is', () => {
    const step = {
      startTimeNs: SECOND,
      nextStepTimeNs: 5n * SECOND,
      stepDurationNs: SECOND,
      stepSize: 10,
    }
    const before = rolloutOf('a=60 b=40', {step})
    const early = stepRollout(rolloutOf('b=100'), before, 4n * SECOND)
    expect(textOf(early.rollout)).toBe('a=60 b=40')
    expect(early.nextStepTimeNs).toBe(5n * SECOND)
    const due = stepRollout(rolloutOf('b=100'), before, 5n * SECOND)
    expect(textOf(due.rollout)).toBe('a=50 b=50')
    expect(due.nextStepTimeNs).toBe(6n * SECOND)
  })

  test('drains the newest of the older revisions first', () => {
    const step = {startTimeNs: 1n, nextStepTimeNs: 1n, stepDurationNs: SECOND, stepSize: 20}
    const before = rolloutOf('a=30 b=15 c=55', {step})
    expect(textOf(stepRollout(rolloutOf('c=100'), before, SECOND).rollout)).toBe('a=25 c=75')
  })

  test('stacks a third revision on top of a rollout under way', () => {
    const step = {startTimeNs: 1n, nextStepTimeNs: 9n, stepDurationNs: SECOND, stepSize: 20}
    const {rollout} = stepRollout(rolloutOf('c=100'), rolloutOf('a=60 b=40', {step}), SECOND)
    expect(textOf(rollout)).toBe('a=60 b=39 c=1')
    expect(rollout[0]?.step).toEqual({...NO_STEP, startTimeNs: SECOND})
  })

  test('drops a revision whose last percent went to the new one', () => {
    const {rollout} = stepRollout(rolloutOf('c=100'), rolloutOf('a=99 b=1'), SECOND)
    expect(textOf(rollout)).toBe('a=99 c=1')
  })

  test('gives a tag or a Configuration that is new everything at once', () => {
    const goal = [...rolloutOf('a=50'), ...rolloutOf('x=50', {configurationName: 'd'})]
    const {rollout} = stepRollout(goal, rolloutOf('a=100'), SECOND)
    expect(textOf(rollout)).toBe('a=50 x=50')
  })

  test('does not move a single percent step by step', () => {
    expect(textOf(stepRollout(rolloutOf('b=1'), rolloutOf('a=1'), SECOND).rollout)).toBe('b=1')
  })
})

describe('shares after a change of the whole', () => {
  test.each([
    ['a=100', 60, 'a=60'],
    ['a=60 b=40', 80, 'a=40 b=40'],
    ['a=60 b=40', 30, 'b=30'],
    ['a=60 b=40', 40, 'b=40'],
    ['a=30 b=20', 100, 'a=30 b=70'],
    ['a=30 b=20', 0, ''],
  ])('%s of %i is %s', (before, goal, after) => {
    const sum = shares(before).reduce((total, {percent}) => total + percent, 0)
    expect(adjustShares(shares(before), sum, goal)).toEqual(shares(after))
  })
})

/** Rollouts as they may stand in an annotation. */
const anyRollout = fc
  .array(fc.integer({min: 1, max: 30}), {minLength: 1, maxLength: 3})
  .chain((percents) =>
    fc.record({
      revisions: fc.constant(
        percents.map((percent, index) => ({revisionName: `r${index}`, percent})),
      ),
      percent: fc.constant(percents.reduce((sum, percent) => sum + percent, 0)),
      stepSize: fc.integer({min: 0, max: percents.reduce((sum, percent) => sum + percent, 0)}),
      next: fc.bigInt({min: 0n, max: 2n ** 60n}),
    }),
  )
  .map(({revisions, percent, stepSize, next}): Rollout => {
    const step = {startTimeNs: 1n, nextStepTimeNs: next, stepDurationNs: SECOND, stepSize}
    return [{configurationName: 'c', tag: '', percent, revisions, step}]
  })

describe('every rollout', () => {
  test('keeps the sum of its shares, step by step', () => {
    fc.assert(
      fc.property(
        anyRollout,
        fc.integer({min: 2, max: 100}),
        fc.boolean(),
        fc.bigInt({min: 0n, max: 2n ** 61n}),
        (before, percent, isNew, nowNs) => {
          const latest = before[0]?.revisions.at(-1)?.revisionName ?? ''
          const revisionName = isNew ? 'new' : latest
          const goal = rolloutOf(`${revisionName}=${percent}`)
          const [after] = stepRollout(goal, before, nowNs).rollout
          const sum = (after?.revisions ?? []).reduce((total, share) => total + share.percent, 0)
          expect(sum).toBe(percent)
          expect(after?.revisions.every((share) => share.percent > 0)).toBe(true)
          expect(after?.revisions.at(-1)?.revisionName).toBe(revisionName)
        },
      ),
    )
  })

  test('comes back from its annotation as it was', () => {
    fc.assert(
      fc.property(anyRollout, (rollout) => {
        expect(parseRollout(serializeRollout(rollout))).toEqual(rollout)
      }),
    )
  })

  test('is dropped from an annotation that somebody spoilt', () => {
    expect(parseRollout(undefined)).toBeUndefined()
    expect(parseRollout('{')).toBeUndefined()
    const spoilt = serializeRollout(rolloutOf('a=60 b=40')).replace('"percent":100', '"percent":90')
    expect(parseRollout(spoilt)).toBeUndefined()
  })

  test('is written as Go writes it', () => {
    const step = {
      startTimeNs: 1795354138422518284n,
      nextStepTimeNs: 1795354139753031936n,
      stepDurationNs: SECOND,
      stepSize: 5,
    }
    expect(
      serializeRollout(rolloutOf('ro-00001=99 ro-00002=1', {configurationName: 'ro', step})),
    ).toBe(
      '{"configurations":[{"configurationName":"ro","percent":100,"revisions":[{"revisionName":"ro-00001","percent":99},{"revisionName":"ro-00002","percent":1}],"stepParams":{"starttime":1795354138422518284,"nextStepTime":1795354139753031936,"stepDuration":1000000000,"stepSize":5}}]}',
    )
    expect(serializeRollout([])).toBe('{}')
  })
})
