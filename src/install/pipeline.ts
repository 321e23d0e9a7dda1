import {KntoolError} from '../errors/kntool-error.ts'
import type {InstallContext, PlannedChange, Step} from './step.ts'

/** What happens to a step, for whoever shows it. */
export type PipelineEvent =
  | {readonly type: 'started'; readonly step: Step}
  | {readonly type: 'progress'; readonly step: Step; readonly message: string}
  | {readonly type: 'skipped'; readonly step: Step; readonly reason: string}
  | {readonly type: 'finished'; readonly step: Step; readonly elapsedMs: number}
  | {readonly type: 'failed'; readonly step: Step; readonly error: unknown}

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
  for (const step of steps) {
    throwIfInterrupted(context.signal, step)
    const startedMs = context.clock.now()
    const stepContext: InstallContext = {
      ...context,
      progress: (message) => onEvent({type: 'progress', step, message}),
    }
    onEvent({type: 'started', step})
    try {
      const check = await step.check(stepContext)
      if (check.state === 'skipped') {
        onEvent({type: 'skipped', step, reason: check.reason})
        continue
      }
      if (check.state === 'needed') await step.apply(stepContext)
      await step.verify(stepContext)
    } catch (error) {
      onEvent({type: 'failed', step, error})
      throw error
    }
    onEvent({type: 'finished', step, elapsedMs: context.clock.now() - startedMs})
  }
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
  throw new KntoolError('KN_INTERRUPTED', `Interrupted before the step "${next.title}".`, {
    hint: 'Run the same command again: it goes on where it stopped.',
  })
}
