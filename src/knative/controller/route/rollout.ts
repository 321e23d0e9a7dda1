/**
 * How far traffic has moved from older revisions of a Configuration to its latest one. The KIngress
 * carries it from reconcile to reconcile, in an annotation.
 *
 * Counterpart of `pkg/reconciler/route/traffic/rollout.go`.
 */
import {DEFAULT_TARGET} from './domains.ts'
import type {Traffic} from './traffic.ts'
import {compareText} from '../../../util/go/compare.ts'

/** The annotation on a KIngress. */
export const ROLLOUT_ANNOTATION = 'networking.internal.knative.dev/rollout'

/** The share of a revision, in percent of the Route's traffic. */
export interface RevisionShare {
  readonly revisionName: string
  readonly percent: number
}

/** When and by how much traffic moves on. Times are nanoseconds since the Unix epoch; 0: not set. */
export interface StepParams {
  readonly startTimeNs: bigint
  readonly nextStepTimeNs: bigint
  readonly stepDurationNs: bigint
  /** Percent. */
  readonly stepSize: number
}

/** One Configuration under one tag. */
export interface ConfigurationRollout {
  readonly configurationName: string
  readonly tag: string
  /** The sum of the revisions' shares. */
  readonly percent: number
  /** From the oldest to the latest; one when nothing moves. */
  readonly revisions: readonly RevisionShare[]
  readonly step: StepParams
}

/** Sorted by tag, then by Configuration. */
export type Rollout = readonly ConfigurationRollout[]

/** Nothing is planned. */
export const NO_STEP: StepParams = {
  startTimeNs: 0n,
  nextStepTimeNs: 0n,
  stepDurationNs: 0n,
  stepSize: 0,
}

/** Where the traffic is to be in the end: all at the latest revisions. */
export function goalOf(traffic: Traffic): Rollout {
  const goal: ConfigurationRollout[] = []
  for (const [tag, targets] of traffic.targets) {
    for (const {latestRevision, percent, configurationName, revisionName} of targets) {
      if (!latestRevision || percent === 0) continue
      const revisions = [{revisionName, percent}]
      goal.push({configurationName, tag, percent, revisions, step: NO_STEP})
    }
  }
  return sortRollout(goal)
}

/** Sorts by tag, then by Configuration. */
export function sortRollout(rollout: Rollout): Rollout {
  return rollout.toSorted(
    (left, right) =>
      compareText(left.tag, right.tag) ||
      compareText(left.configurationName, right.configurationName),
  )
}

/** Whether all traffic is where it is to be. */
export function isDone(rollout: Rollout): boolean {
  return rollout.every(({revisions}) => revisions.length < 2)
}

/** What a Configuration's traffic is split into, if it is being moved. */
export function sharesOf(
  rollout: Rollout,
  tag: string,
  configurationName: string,
): readonly RevisionShare[] | undefined {
  return rollout.find((other) => other.tag === tag && other.configurationName === configurationName)
    ?.revisions
}

/** The annotation's text, as Go writes it: empty fields are left out. */
export function serializeRollout(rollout: Rollout): string {
  const configurations = rollout.map(({configurationName, tag, percent, revisions, step}) => ({
    configurationName,
    ...(tag !== DEFAULT_TARGET && {tag}),
    percent,
    ...(revisions.length > 0 && {revisions}),
    stepParams: {
      ...(step.startTimeNs !== 0n && {starttime: `${step.startTimeNs}`}),
      ...(step.nextStepTimeNs !== 0n && {nextStepTime: `${step.nextStepTimeNs}`}),
      ...(step.stepDurationNs !== 0n && {stepDuration: `${step.stepDurationNs}`}),
      ...(step.stepSize !== 0 && {stepSize: step.stepSize}),
    },
  }))
  // Nanoseconds do not fit into a double: they are written as text, and the quotes taken away.
  return JSON.stringify(configurations.length > 0 ? {configurations} : {}).replace(
    /"(starttime|nextStepTime|stepDuration)":"(\d+)"/g,
    '"$1":$2',
  )
}

/** Reads the annotation; undefined when there is none, or somebody spoilt it. */
export function parseRollout(text: string | undefined): Rollout | undefined {
  if (text === undefined || text === '') return undefined
  try {
    const quoted = text.replace(/"(starttime|nextStepTime|stepDuration)":(\d+)/g, '"$1":"$2"')
    const document = JSON.parse(quoted) as SerializedRollout
    const rollout = (document.configurations ?? []).map(readConfiguration)
    return rollout.every(isConsistent) ? rollout : undefined
  } catch {
    return undefined
  }
}

interface SerializedRollout {
  configurations?: {
    configurationName: string
    tag?: string
    percent: number
    revisions?: RevisionShare[]
    stepParams?: {
      starttime?: string
      nextStepTime?: string
      stepDuration?: string
      stepSize?: number
    }
  }[]
}

function readConfiguration({
  configurationName,
  tag = DEFAULT_TARGET,
  percent,
  revisions = [],
  stepParams = {},
}: NonNullable<SerializedRollout['configurations']>[number]): ConfigurationRollout {
  return {
    configurationName,
    tag,
    percent,
    revisions,
    step: {
      startTimeNs: BigInt(stepParams.starttime ?? 0),
      nextStepTimeNs: BigInt(stepParams.nextStepTime ?? 0),
      stepDurationNs: BigInt(stepParams.stepDuration ?? 0),
      stepSize: stepParams.stepSize ?? 0,
    },
  }
}

function isConsistent({percent, revisions, step}: ConfigurationRollout): boolean {
  const sum = revisions.reduce((total, revision) => total + revision.percent, 0)
  return percent <= 100 && step.stepSize >= 0 && step.stepSize <= percent && sum === percent
}
