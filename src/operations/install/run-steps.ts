/** Running and planning the steps of an installation, an upgrade or its end. */
import {KntoolError} from '../../errors/kntool-error.ts'
import {
  type ContextFactory,
  type PipelineEvent,
  planPipeline,
  runPipeline,
} from '../../install/pipeline.ts'
import type {InstallContext, InstallFacts, PlannedChange, Step} from '../../install/step.ts'

/** What became of one step. */
export interface StepOutcome {
  readonly id: string
  readonly title: string
  readonly state: 'done' | 'skipped'
  readonly reason?: string
  readonly elapsedMs?: number
}

/** What one step would do. */
export interface PlannedStepOutcome {
  readonly id: string
  readonly title: string
  /** Why it is left out. */
  readonly skipped?: string
  readonly changes: readonly PlannedChange[]
  readonly risks: readonly string[]
  readonly warnings: readonly string[]
}

/** What happens on the way. */
export interface InstallObserver {
  /** Called once, before the first step, with all of them. */
  readonly onBegin?: (steps: readonly Pick<Step, 'id' | 'title'>[]) => void
  readonly onEvent?: (event: PipelineEvent) => void
  /** Asked after all checks, before the first write, when something could be lost. */
  readonly confirm?: (risks: readonly string[]) => Promise<boolean>
}

/** Gathers what the steps note. */
export class FactCollector {
  #facts: Partial<InstallFacts> = {}

  /** For {@link InstallContext.note}: lists are joined, everything else is the newest. */
  readonly note = (fact: Partial<InstallFacts>): void => {
    const join = (key: 'warnings' | 'left'): readonly string[] => [
      ...new Set([...(this.#facts[key] ?? []), ...(fact[key] ?? [])]),
    ]
    const warnings = join('warnings')
    const left = join('left')
    this.#facts = {
      ...this.#facts,
      ...fact,
      ...(warnings.length > 0 && {warnings}),
      ...(left.length > 0 && {left}),
    }
  }

  /** What was noted. */
  get facts(): Partial<InstallFacts> {
    return this.#facts
  }
}

/**
 * Runs steps; resolves with what became of each.
 *
 * @param beforeWriting see `runPipeline`.
 */
export async function runSteps(
  steps: readonly Step[],
  contextFor: ContextFactory,
  {onBegin, onEvent}: InstallObserver,
  beforeWriting?: () => Promise<void>,
): Promise<StepOutcome[]> {
  const outcomes: StepOutcome[] = []
  onBegin?.(steps.map(({id, title}) => ({id, title})))
  const note = (event: PipelineEvent): void => {
    const {id, title} = event.step
    if (event.type === 'skipped') {
      outcomes.push({id, title, state: 'skipped', reason: event.reason})
    } else if (event.type === 'finished') {
      outcomes.push({id, title, state: 'done', elapsedMs: event.elapsedMs})
    }
    onEvent?.(event)
  }
  await runPipeline(steps, contextFor, note, beforeWriting)
  return outcomes
}

/** What steps would do; only reads. */
export async function planSteps(
  steps: readonly Step[],
  context: InstallContext,
): Promise<PlannedStepOutcome[]> {
  const planned = await planPipeline(steps, context)
  return planned.map(({step: {id, title}, ...plan}) =>
    plan.skipped === undefined
      ? {id, title, changes: plan.changes, risks: plan.risks, warnings: plan.warnings ?? []}
      : {id, title, skipped: plan.skipped, changes: [], risks: [], warnings: []},
  )
}

/**
 * Throws `KN_CONFLICT` unless there is nothing to lose or somebody agreed.
 *
 * @param plan the command that shows everything.
 */
export async function agreeOn(
  risks: readonly string[],
  confirm: InstallObserver['confirm'],
  plan: string,
): Promise<void> {
  if (risks.length === 0) return
  if (confirm !== undefined && (await confirm(risks))) return
  throw new KntoolError(
    'KN_CONFLICT',
    `Nobody agreed, and nothing was changed. What would happen: ${risks.join(' ')}`,
    {
      hint: [`See everything: ${plan}`, 'Agree: --yes'],
      details: {risks},
    },
  )
}
