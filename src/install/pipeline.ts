import {KntoolError} from '../errors/kntool-error.ts'
import type {InstallContext, PlannedChange, Step} from './step.ts'

/** What happens to a step, for whoever shows it. */
export type PipelineEvent = {
  readonly step: Step
  /** The place of the step among `total`, from 0. */
  readonly index: number
  readonly total: number
} & StepEvent

type StepEvent =
  | {readonly type: 'started'}
  | {readonly type: 'progress'; readonly message: string}
  | {readonly type: 'skipped'; readonly reason: string}
  | {readonly type: 'finished'; readonly elapsedMs: number}
  | {readonly type: 'failed'; readonly error: unknown}

/**
 * Runs steps in order: check, apply, verify.
 *
 * A step that is done already is still verified. Stops at the first failure and throws it; running
 * the pipeline again goes on from there. An abort of `context.signal` is noticed between steps and
 * by the steps that wait, and ends with `KN_INTERRUPTED`.
 */
export async function runPipeline(
  steps: readonly Step[],
  context: Omit<InstallContext, 'progress'>,
  onEvent: (event: PipelineEvent) => void,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    throwIfInterrupted(context.signal, step)
    const tell = (event: StepEvent): void => onEvent({step, index, total: steps.length, ...event})
    tell({type: 'started'})
    const startedMs = context.clock.now()
    try {
      const skipped = await runStep(step, {
        ...context,
        progress: (message) => tell({type: 'progress', message}),
      })
      if (skipped === undefined) {
        tell({type: 'finished', elapsedMs: context.clock.now() - startedMs})
      } else {
        tell({type: 'skipped', reason: skipped})
      }
    } catch (error) {
      tell({type: 'failed', error})
      throw error
    }
  }
}

/** Resolves with the reason when the step was skipped. */
async function runStep(step: Step, context: InstallContext): Promise<string | undefined> {
  const check = await step.check(context)
  if (check.state === 'skipped') return check.reason
  if (check.state === 'needed') await step.apply(context)
  await step.verify(context)
  return undefined
}

/** What {@link runPipeline} would do, step by step, without doing it. */
export async function planPipeline(
  steps: readonly Step[],
  context: InstallContext,
): Promise<{step: Step; skipped?: string; changes: PlannedChange[]}[]> {
  const plan: {step: Step; skipped?: string; changes: PlannedChange[]}[] = []
  for (const step of steps) {
    const check = await step.check(context)
    plan.push(
      check.state === 'skipped'
        ? {step, skipped: check.reason, changes: []}
        : {step, changes: await step.plan(context)},
    )
  }
  return plan
}

function throwIfInterrupted(signal: AbortSignal, next: Step): void {
  if (!signal.aborted) return
  throw new KntoolError('KN_INTERRUPTED', `Interrupted before the step "${next.id}".`, {
    hint: 'Run the same command again: it goes on where it stopped.',
  })
}
