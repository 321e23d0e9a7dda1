/** Moving traffic on, step by step. Counterpart of `pkg/reconciler/route/traffic/rollout.go`. */
import {
  type ConfigurationRollout,
  NO_STEP,
  type RevisionShare,
  type Rollout,
  sortRollout,
  type StepParams,
} from './rollout.ts'

const SECOND_NS = 1_000_000_000

/**
 * Plans the steps of what has begun, now that the KIngress with the first percent is ready.
 *
 * How long that took is how long a step takes at least.
 */
export function planSteps(rollout: Rollout, nowNs: bigint, durationSeconds: number): Rollout {
  return rollout.map((configuration) => {
    const {step, percent} = configuration
    if (step.stepDurationNs !== 0n || step.startTimeNs === 0n) return configuration
    const elapsedSeconds = Math.ceil(Number(nowNs - step.startTimeNs) / SECOND_NS)
    const minStepSeconds = Math.max(1, elapsedSeconds)
    return {
      ...configuration,
      step: planStep(step, percent, {nowNs, minStepSeconds, durationSeconds}),
    }
  })
}

function planStep(
  step: StepParams,
  percent: number,
  times: {nowNs: bigint; minStepSeconds: number; durationSeconds: number},
): StepParams {
  const {nowNs, minStepSeconds} = times
  // The first percent has used up one step's time.
  const durationSeconds = Math.max(1, times.durationSeconds - minStepSeconds)
  const remaining = percent - 1
  const steps = Math.min(Math.max(1, durationSeconds / minStepSeconds), remaining)
  const stepDurationNs = BigInt(Math.trunc((durationSeconds / steps) * SECOND_NS))
  return {
    startTimeNs: step.startTimeNs,
    // Rounding 1.9 down to 1 would nearly double the time: rather jump a little further.
    stepSize: Math.round(remaining / steps),
    stepDurationNs,
    nextStepTimeNs: nowNs + stepDurationNs,
  }
}

/** What {@link stepRollout} gives. */
export interface SteppedRollout {
  readonly rollout: Rollout
  /** When to look again; 0 when nothing is planned. */
  readonly nextStepTimeNs: bigint
}

/**
 * The traffic between where it was and where it is to be.
 *
 * | Configuration under the tag         | result                                        |
 * | ----------------------------------- | --------------------------------------------- |
 * | new, or its tag is new              | at once all to the latest revision            |
 * | gone                                | gone                                          |
 * | at most 1 % of the traffic          | at once all to the latest revision            |
 * | another latest revision than before | 1 % to that one, taken from the newest before |
 * | same latest revision, moving        | a step further if its time has come           |
 */
export function stepRollout(
  goal: Rollout,
  before: Rollout | undefined,
  nowNs: bigint,
): SteppedRollout {
  if (before === undefined || before.length === 0) return {rollout: goal, nextStepTimeNs: 0n}
  const stepped: ConfigurationRollout[] = []
  let nextStepTimeNs = 0n
  for (const wanted of goal) {
    const known = before.find(
      ({tag, configurationName}) =>
        tag === wanted.tag && configurationName === wanted.configurationName,
    )
    if (known === undefined || wanted.percent <= 1) {
      stepped.push(wanted)
      continue
    }
    const configuration = stepConfiguration(wanted, known, nowNs)
    stepped.push(configuration)
    const due = configuration.step.nextStepTimeNs
    if (due > 0n && (nextStepTimeNs === 0n || due < nextStepTimeNs)) nextStepTimeNs = due
  }
  return {rollout: sortRollout(stepped), nextStepTimeNs}
}

function stepConfiguration(
  goal: ConfigurationRollout,
  before: ConfigurationRollout,
  nowNs: bigint,
): ConfigurationRollout {
  const latest = goal.revisions.at(-1)
  const known = before.revisions.at(-1)
  const shares = adjustShares(before.revisions, before.percent, goal.percent)
  if (latest === undefined || known === undefined) return goal
  if (latest.revisionName !== known.revisionName) {
    return {
      ...goal,
      revisions: [...takeOnePercent(shares), {...latest, percent: 1}],
      step: {...NO_STEP, startTimeNs: nowNs},
    }
  }
  if (shares.length < 2) return goal
  // Without a plan the KIngress is not ready yet: then nothing moves.
  if (before.step.stepSize === 0 || nowNs < before.step.nextStepTimeNs) {
    return {...goal, revisions: shares, step: before.step}
  }
  return moveOneStep({...goal, revisions: shares, step: before.step}, nowNs)
}

/**
 * Shares that sum to `goal` instead of `sum`: what is added goes to the latest revision, what is
 * taken away comes from the oldest.
 */
export function adjustShares(
  shares: readonly RevisionShare[],
  sum: number,
  goal: number,
): RevisionShare[] {
  const adjusted = [...shares]
  const last = adjusted.at(-1)
  if (goal === 0 || last === undefined) return []
  if (goal >= sum) {
    adjusted[adjusted.length - 1] = {...last, percent: last.percent + goal - sum}
    return adjusted
  }
  let surplus = sum - goal
  for (;;) {
    const oldest = adjusted[0]
    if (oldest === undefined) return adjusted
    if (oldest.percent > surplus) {
      adjusted[0] = {...oldest, percent: oldest.percent - surplus}
      return adjusted
    }
    surplus -= oldest.percent
    adjusted.shift()
    if (surplus === 0) return adjusted
  }
}

/** Takes one percent from the newest revision that has any, and drops those that have none left. */
function takeOnePercent(shares: readonly RevisionShare[]): RevisionShare[] {
  const giver = shares.findLastIndex(({percent}) => percent > 0)
  return shares
    .map((share, index) => (index === giver ? {...share, percent: share.percent - 1} : share))
    .filter(({percent}) => percent > 0)
}

function moveOneStep(configuration: ConfigurationRollout, nowNs: bigint): ConfigurationRollout {
  const {step, percent} = configuration
  const older = configuration.revisions.slice(0, -1)
  const latest = configuration.revisions.at(-1)
  if (latest === undefined) return configuration
  let wanted = step.stepSize
  // The newest of the older revisions gives first.
  while (wanted > 0) {
    const giver = older.pop()
    if (giver === undefined) break
    if (giver.percent > wanted) older.push({...giver, percent: giver.percent - wanted})
    wanted = Math.max(0, wanted - giver.percent)
  }
  const share = Math.min(latest.percent + step.stepSize, percent)
  const revisions = [...older, {...latest, percent: share}]
  return {
    ...configuration,
    revisions,
    step: revisions.length > 1 ? {...step, nextStepTimeNs: nowNs + step.stepDurationNs} : NO_STEP,
  }
}
