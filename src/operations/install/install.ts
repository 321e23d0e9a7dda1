/** `kntool install`: the pipeline of an installation on the cluster of a connection. */
import {KntoolError} from '../../errors/kntool-error.ts'
import {installSteps} from '../../install/install-steps.ts'
import {
  type PipelineEvent,
  pipelineRisks,
  planPipeline,
  runPipeline,
} from '../../install/pipeline.ts'
import {defaultDomain} from '../../install/settings.ts'
import type {InstallFacts, PlannedChange} from '../../install/step.ts'
import type {Connection} from '../connection.ts'
import {type InstallRequest, prepareInstall} from './prepare-install.ts'

export type {InstallRequest} from './prepare-install.ts'

/** What became of one step. */
export interface StepOutcome {
  readonly id: string
  readonly title: string
  readonly state: 'done' | 'skipped'
  readonly reason?: string
  readonly elapsedMs?: number
}

/** What an installation has come to. */
export interface InstallOutcome extends Partial<InstallFacts> {
  readonly cluster: string
  readonly domain: string
  readonly steps: readonly StepOutcome[]
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

/** What an installation would do. */
export interface InstallPlan {
  readonly cluster: string
  readonly domain: string
  readonly manifests: string
  readonly steps: readonly PlannedStepOutcome[]
}

/** What happens on the way. */
export interface InstallObserver {
  readonly onEvent?: (event: PipelineEvent) => void
  /** Asked before the first write when something could be lost. */
  readonly confirm?: (risks: readonly string[]) => Promise<boolean>
}

/**
 * Installs, step by step; what is there already is left as it is.
 *
 * Throws what the first failing step threw; running it again goes on from there. Throws
 * `KN_CONFLICT`, having written nothing, when something could be lost and nobody agreed.
 */
export async function install(
  connection: Connection,
  request: InstallRequest,
  {onEvent, confirm}: InstallObserver = {},
): Promise<InstallOutcome> {
  let facts: Partial<InstallFacts> = {}
  const {contextFor, settings} = await prepareInstall(connection, request, (fact) => {
    const warnings = [...new Set([...(facts.warnings ?? []), ...(fact.warnings ?? [])])]
    facts = {...facts, ...fact, ...(warnings.length > 0 && {warnings})}
  })
  const quiet = contextFor(() => undefined)
  const steps = installSteps(quiet)
  await agreeOn(await pipelineRisks(steps, quiet), confirm)
  const outcomes: StepOutcome[] = []
  await runPipeline(steps, contextFor, (event) => {
    const {id, title} = event.step
    if (event.type === 'skipped') {
      outcomes.push({id, title, state: 'skipped', reason: event.reason})
    } else if (event.type === 'finished') {
      outcomes.push({id, title, state: 'done', elapsedMs: event.elapsedMs})
    }
    onEvent?.(event)
  })
  return {
    cluster: connection.description,
    domain: defaultDomain(settings),
    ...facts,
    steps: outcomes,
  }
}

/** What {@link install} would do; only reads. */
export async function planInstall(
  connection: Connection,
  request: InstallRequest,
): Promise<InstallPlan> {
  const {contextFor, settings, manifests} = await prepareInstall(connection, request)
  const context = contextFor(() => undefined)
  const steps = await planPipeline(installSteps(context), context)
  return {
    cluster: connection.description,
    domain: defaultDomain(settings),
    manifests: manifests.description,
    steps: steps.map(({step: {id, title}, ...plan}) =>
      plan.skipped === undefined
        ? {id, title, changes: plan.changes, risks: plan.risks, warnings: plan.warnings ?? []}
        : {id, title, skipped: plan.skipped, changes: [], risks: [], warnings: []},
    ),
  }
}

/** Throws `KN_CONFLICT` unless there is nothing to lose or somebody agreed. */
async function agreeOn(
  risks: readonly string[],
  confirm: InstallObserver['confirm'],
): Promise<void> {
  if (risks.length === 0) return
  if (confirm !== undefined && (await confirm(risks))) return
  throw new KntoolError('KN_CONFLICT', `Nothing was changed. ${risks.join(' ')}`, {
    hint: ['See everything: kntool install plan', 'Agree: --yes'],
    details: {risks},
  })
}
