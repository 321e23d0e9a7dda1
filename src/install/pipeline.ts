import {KntoolError} from '../errors/kntool-error.ts'
import type {InstallContext, Step, StepPlan} from './step.ts'
import {waitUntil} from './wait-until.ts'

/** What happens to a step, for whoever shows it. */
export type PipelineEvent = {
  readonly step: Pick<Step, 'id' | 'title'>
  /** The place of the step among `total`, from 0. */
  readonly index: number
  readonly total: number
} & StepEvent

/** What happens to a step. */
export type StepEvent =
  | {readonly type: 'started'}
  | {readonly type: 'progress'; readonly message: string}
  | {readonly type: 'waiting'; readonly for: string; readonly warning?: string}
  | {readonly type: 'skipped'; readonly reason: string}
  | {readonly type: 'finished'; readonly elapsedMs: number}
  | {readonly type: 'failed'; readonly error: unknown}

/** Makes the context of one step; `tell` passes on what happens in it. */
export type ContextFactory = (progress: (message: string) => void) => InstallContext

/**
 * Runs steps in order: check, apply, wait.
 *
 * A step that is done already is still waited for. Stops at the first failure and throws it; running
 * the pipeline again goes on from there. An abort of the context's signal is noticed between steps
 * and while waiting, and ends with `KN_INTERRUPTED`.
 *
 * @param beforeWriting called once, before the first step that does not only read; what it throws
 *   ends the run.
 */
export async function runPipeline(
  steps: readonly Step[],
  contextFor: ContextFactory,
  onEvent: (event: PipelineEvent) => void,
  beforeWriting: () => Promise<void> = async () => undefined,
): Promise<void> {
  const firstWriting = steps.findIndex(({onlyReads = false}) => !onlyReads)
  for (const [index, step] of steps.entries()) {
    if (index === firstWriting) await beforeWriting()
    const tell = (event: StepEvent): void => onEvent({step, index, total: steps.length, ...event})
    const context = contextFor((message) => tell({type: 'progress', message}))
    throwIfInterrupted(context.signal, step)
    tell({type: 'started'})
    const startedMs = context.clock.now()
    try {
      const skipped = await runStep(step, context, tell)
      if (skipped === undefined) {
        tell({type: 'finished', elapsedMs: context.clock.now() - startedMs})
      } else {
        tell({type: 'skipped', reason: skipped})
      }
    } catch (cause) {
      // Whatever an interrupted step failed with, the interruption is the reason.
      const error = context.signal.aborted
        ? interrupted(`in the step "${step.title}"`, cause)
        : cause
      tell({type: 'failed', error})
      throw error
    }
  }
}

/** Resolves with the reason when the step was skipped. */
async function runStep(
  step: Step,
  context: InstallContext,
  tell: (event: StepEvent) => void,
): Promise<string | undefined> {
  const check = await step.check(context)
  if (check.state === 'skipped') return check.reason
  if (check.state === 'needed') await step.apply(context)
  if (!context.settings.wait && !step.essential) return undefined
  await waitUntil(() => step.observe(context), {
    clock: context.clock,
    signal: context.signal,
    timeoutMs: context.settings.timeouts[step.timeout ?? 'stepMs'],
    ...(step.pollMs !== undefined && {pollMs: step.pollMs}),
    ...(step.hint !== undefined && {hint: step.hint}),
    onWaiting: ({waitingFor, warning}) =>
      tell({type: 'waiting', for: waitingFor, ...(warning !== undefined && {warning})}),
  })
  return undefined
}

/** What one step would do. */
export type PlannedStep = {readonly step: Step} & (
  | {readonly skipped: string}
  | ({readonly skipped?: undefined; readonly risks: readonly string[]} & StepPlan)
)

/** What {@link runPipeline} would do, step by step, without doing it. */
export async function planPipeline(
  steps: readonly Step[],
  context: InstallContext,
): Promise<PlannedStep[]> {
  const plan: PlannedStep[] = []
  for (const step of steps) {
    const check = await step.check(context)
    plan.push(
      check.state === 'skipped'
        ? {step, skipped: check.reason}
        : {
            step,
            risks: (await step.risks?.(context)) ?? [],
            ...(await step.plan(context)),
          },
    )
  }
  return plan
}

/** What somebody would lose by running the steps. */
export async function pipelineRisks(
  steps: readonly Step[],
  context: InstallContext,
): Promise<string[]> {
  const risks: string[] = []
  for (const step of steps) {
    if (step.risks === undefined) continue
    const check = await step.check(context)
    if (check.state !== 'skipped') risks.push(...(await step.risks(context)))
  }
  return risks
}

function throwIfInterrupted(signal: AbortSignal, next: Step): void {
  if (signal.aborted) throw interrupted(`before the step "${next.title}"`)
}

function interrupted(where: string, cause?: unknown): KntoolError {
  if (cause instanceof KntoolError && cause.code === 'KN_INTERRUPTED') return cause
  return new KntoolError('KN_INTERRUPTED', `Interrupted ${where}.`, {
    hint: 'Run the same command again: it goes on where it stopped.',
    ...(cause !== undefined && {cause}),
  })
}
