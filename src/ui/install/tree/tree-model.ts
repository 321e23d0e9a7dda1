/** The tree of steps as it stands after each event. */
import type {PipelineEvent} from '../../../install/pipeline.ts'
import type {Step} from '../../../install/step.ts'

/** One step of the tree. */
export interface TreeStep {
  readonly id: string
  readonly title: string
  readonly state: 'pending' | 'running' | 'done' | 'skipped' | 'failed'
  /** When it began; undefined while it is pending. */
  readonly startedMs?: number
  /** How long it took, once it has ended. */
  readonly elapsedMs?: number
  /** What it does or waits for now; why it was skipped. */
  readonly detail?: string
  /** The newest thing that went wrong on the way. */
  readonly warning?: string
}

/** The tree before anything happens. */
export function pendingSteps(steps: readonly Pick<Step, 'id' | 'title'>[]): TreeStep[] {
  return steps.map(({id, title}) => ({id, title, state: 'pending'}))
}

/** The tree after an event. */
export function afterEvent(
  steps: readonly TreeStep[],
  event: PipelineEvent,
  nowMs: number,
): TreeStep[] {
  return steps.map((step, index) => (index === event.index ? nextStep(step, event, nowMs) : step))
}

function nextStep(step: TreeStep, event: PipelineEvent, nowMs: number): TreeStep {
  const {id, title, startedMs = nowMs} = step
  const base = {id, title, startedMs}
  switch (event.type) {
    case 'started':
      return {...base, state: 'running'}
    case 'progress':
      return {...base, state: 'running', detail: event.message}
    case 'waiting':
      return {
        ...base,
        state: 'running',
        detail: `waiting for ${event.for}`,
        ...(event.warning !== undefined && {warning: event.warning}),
      }
    case 'skipped':
      return {...base, state: 'skipped', detail: event.reason}
    case 'finished':
      return {...base, state: 'done', elapsedMs: event.elapsedMs}
    case 'failed':
      return {...step, state: 'failed', elapsedMs: nowMs - startedMs}
  }
}

/** What of a tree fits into a terminal. */
export interface VisibleSteps {
  /** How many ended ones above are left out. */
  readonly above: number
  readonly steps: readonly TreeStep[]
  /** How many pending ones below are left out. */
  readonly below: number
}

/** How many lines a step takes. */
function heightOf({state, detail, warning}: TreeStep): number {
  if (state !== 'running' && state !== 'failed') return 1
  return 1 + (detail === undefined ? 0 : 1) + (warning === undefined ? 0 : 1)
}

/**
 * The steps that fit into `rows` lines: first pending ones at the end are left out, then ended ones
 * at the beginning; what runs is always there.
 */
export function fitSteps(steps: readonly TreeStep[], rows: number): VisibleSteps {
  let first = 0
  let last = steps.length
  const height = (): number =>
    steps.slice(first, last).reduce((sum, step) => sum + heightOf(step), 0) +
    (first > 0 ? 1 : 0) +
    (last < steps.length ? 1 : 0)
  while (height() > rows && steps[last - 1]?.state === 'pending') last -= 1
  while (height() > rows && ['done', 'skipped'].includes(steps[first]?.state ?? '')) first += 1
  return {above: first, steps: steps.slice(first, last), below: steps.length - last}
}
