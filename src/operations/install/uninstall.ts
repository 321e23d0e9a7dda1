/** `kntool uninstall`: takes away what `install` brought. */
import {patientClient} from '../../install/apply/patient-client.ts'
import {findInstalled, type Installed, requireNoOperator} from '../../install/installed.ts'
import {istioUsers} from '../../install/istio-users.ts'
import {DEFAULT_TIMEOUTS} from '../../install/settings.ts'
import type {UninstallFacts} from '../../install/undo/record-uninstall.ts'
import {requireNoServices} from '../../install/undo/remove-services.ts'
import {uninstallSteps} from '../../install/uninstall-steps.ts'
import {DEFAULT_KNATIVE_VERSION} from '../../install/versions.ts'
import type {Connection} from '../connection.ts'
import {installedWishes} from './installed-wishes.ts'
import {type InstallRequest, type PreparedInstall, prepareInstall} from './prepare-install.ts'
import {
  agreeOn,
  FactCollector,
  type InstallObserver,
  type PlannedStepOutcome,
  planSteps,
  runSteps,
  type StepOutcome,
} from './run-steps.ts'

/** What to take away, and how. */
export interface UninstallRequest extends Omit<InstallRequest, 'wishes' | 'planBy'> {
  /** Also the Services of people, which go with the kinds of Knative. */
  readonly deleteServices: boolean
  /** Also Istio; without it, if kntool brought it and nobody else uses it. */
  readonly withIstio?: boolean | undefined
  /** How long pods and objects may take. */
  readonly timeoutMs?: number | undefined
}

/** What an uninstallation has come to. */
export interface UninstallOutcome {
  readonly cluster: string
  readonly knativeVersion: string
  readonly steps: readonly StepOutcome[]
  readonly warnings: readonly string[]
  /** What is there still; empty is what everybody wants. */
  readonly left: readonly string[]
}

/** What an uninstallation would do. */
export interface UninstallPlan {
  readonly cluster: string
  readonly knativeVersion: string
  readonly steps: readonly PlannedStepOutcome[]
  readonly warnings: readonly string[]
}

/**
 * Takes an installation away. Running it again after an interruption goes on; where nothing is
 * installed, nothing happens.
 *
 * Throws `KN_CONFLICT`, having changed nothing, when Services would go with the kinds of Knative and
 * `deleteServices` is not set, or when nobody agreed.
 */
export async function uninstall(
  connection: Connection,
  request: UninstallRequest,
  observer: InstallObserver = {},
): Promise<UninstallOutcome> {
  const collector = new FactCollector()
  const prepared = await prepareUninstall(connection, request, collector.note)
  const cluster = connection.description
  if (prepared === undefined) return nothingInstalled(cluster)
  const {contextFor, facts, warnings} = prepared
  const quiet = contextFor(() => undefined)
  if (!request.deleteServices) await requireNoServices(quiet, cluster)
  const risks = whatGoes(prepared, request, cluster)
  await agreeOn(risks, observer.confirm, 'kntool uninstall --dry-run')
  const steps = await runSteps(uninstallSteps(quiet, facts), contextFor, observer)
  return {
    cluster,
    knativeVersion: facts.knativeVersion,
    steps,
    warnings: [...warnings, ...(collector.facts.warnings ?? [])],
    left: collector.facts.left ?? [],
  }
}

/** What {@link uninstall} would do; only reads. */
export async function planUninstall(
  connection: Connection,
  request: UninstallRequest,
): Promise<UninstallPlan> {
  const collector = new FactCollector()
  const prepared = await prepareUninstall(connection, request, collector.note)
  const cluster = connection.description
  if (prepared === undefined) return nothingInstalled(cluster)
  const {contextFor, facts, warnings} = prepared
  const context = contextFor(() => undefined)
  const steps = await planSteps(uninstallSteps(context, facts), context)
  const refusal = request.deleteServices
    ? undefined
    : await requireNoServices(context, cluster).catch((error: unknown) => error)
  return {
    cluster,
    knativeVersion: facts.knativeVersion,
    steps,
    warnings: [...warnings, ...(refusal instanceof Error ? [refusal.message] : [])],
  }
}

interface PreparedUninstall extends PreparedInstall {
  readonly facts: UninstallFacts
  readonly warnings: readonly string[]
}

async function prepareUninstall(
  connection: Connection,
  request: UninstallRequest,
  note: FactCollector['note'],
): Promise<PreparedUninstall | undefined> {
  const {clock} = connection
  const {signal, timeoutMs = DEFAULT_TIMEOUTS.stepMs} = request
  const client = patientClient(connection.client, {clock, signal, longPatienceMs: timeoutMs})
  const installed = await findInstalled(client)
  if (installed === undefined) return undefined
  requireNoOperator(installed, connection.description)
  const {state, knativeVersion: found} = installed
  const knativeVersion = request.knativeVersion ?? found ?? DEFAULT_KNATIVE_VERSION
  const {withIstio, users} = await decideIstio(client, installed, request)
  const prepared = await prepareInstall(
    connection,
    {...request, wishes: installedWishes(state?.settings, timeoutMs), installedVersion: found},
    note,
  )
  return {
    ...prepared,
    facts: {knativeVersion, withIstio},
    warnings:
      users.length === 0
        ? []
        : [`Istio stays for ${users.join(', ')}. Take it along: --with-istio`],
  }
}

/**
 * Whether Istio goes too.
 *
 * | asked for | a run before decided | brought by kntool | others use it | Istio |
 * |-----------|----------------------|-------------------|---------------|-------|
 * | yes, no   | –                    | –                 | –             | as asked |
 * | open      | yes                  | –                 | –             | as decided |
 * | open      | no                   | no                | –             | stays |
 * | open      | no                   | yes               | yes           | stays, said |
 * | open      | no                   | yes               | no            | goes  |
 */
async function decideIstio(
  client: Connection['client'],
  {state}: Installed,
  {withIstio}: UninstallRequest,
): Promise<{withIstio: boolean; users: string[]}> {
  const decided = withIstio ?? state?.uninstall?.withIstio
  if (decided !== undefined) return {withIstio: decided, users: []}
  if (state?.istio !== 'kntool') return {withIstio: false, users: []}
  const users = await istioUsers(client)
  return {withIstio: users.length === 0, users}
}

/** What somebody has to agree to. */
function whatGoes(
  {facts: {knativeVersion, withIstio}, cluster}: PreparedUninstall,
  {deleteServices}: UninstallRequest,
  description: string,
): string[] {
  // Without its services, all that an embedded cluster loses is its domain.
  if (cluster.embedded) return deleteServices ? [`All services on ${description} are deleted.`] : []
  return [
    withIstio
      ? `Knative ${knativeVersion}, Istio, its gateway and the load balancer are removed from ${description}.`
      : `Knative ${knativeVersion} is removed from ${description}.`,
  ]
}

function nothingInstalled(
  cluster: string,
): {cluster: string; knativeVersion: string} & Record<'steps' | 'warnings' | 'left', never[]> {
  return {cluster, knativeVersion: '', steps: [], warnings: [], left: []}
}
