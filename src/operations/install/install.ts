/** `kntool install`: the pipeline of an installation on the cluster of a connection. */
import {installSteps} from '../../install/install-steps.ts'
import {pipelineRisks} from '../../install/pipeline.ts'
import {defaultDomain} from '../../install/settings.ts'
import type {InstallFacts} from '../../install/step.ts'
import type {Connection} from '../connection.ts'
import {installPreflight} from '../doctor/preflight.ts'
import {type InstallRequest, prepareInstall} from './prepare-install.ts'
import {
  agreeOn,
  FactCollector,
  type InstallObserver,
  type PlannedStepOutcome,
  planSteps,
  runSteps,
  type StepOutcome,
} from './run-steps.ts'

export type {InstallRequest} from './prepare-install.ts'

/** What an installation has come to. */
export interface InstallOutcome extends Partial<InstallFacts> {
  readonly cluster: string
  readonly domain: string
  readonly steps: readonly StepOutcome[]
}

/** What an installation would do. */
export interface InstallPlan {
  readonly cluster: string
  readonly domain: string
  readonly manifests: string
  readonly steps: readonly PlannedStepOutcome[]
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
  observer: InstallObserver = {},
): Promise<InstallOutcome> {
  const collector = new FactCollector()
  const prepared = await prepareInstall(connection, request, collector.note)
  const {contextFor, settings} = prepared
  const quiet = contextFor(() => undefined)
  const steps = installSteps(quiet, installPreflight(prepared.cluster, request.wishes))
  const outcomes = await runSteps(steps, contextFor, observer, async () =>
    agreeOn(await pipelineRisks(steps, quiet), observer.confirm, 'kntool install plan'),
  )
  return {
    cluster: connection.description,
    domain: defaultDomain(settings),
    ...collector.facts,
    steps: outcomes,
  }
}

/** What {@link install} would do; only reads. */
export async function planInstall(
  connection: Connection,
  request: InstallRequest,
): Promise<InstallPlan> {
  const {contextFor, settings, manifests, cluster} = await prepareInstall(connection, request)
  const context = contextFor(() => undefined)
  return {
    cluster: connection.description,
    domain: defaultDomain(settings),
    manifests: manifests.description,
    steps: await planSteps(
      installSteps(context, installPreflight(cluster, request.wishes)),
      context,
    ),
  }
}
