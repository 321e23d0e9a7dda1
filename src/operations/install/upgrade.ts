/** `kntool upgrade`: from one version of Knative to another, minor by minor. */
import {KntoolError} from '../../errors/kntool-error.ts'
import {patientClient} from '../../install/apply/patient-client.ts'
import {findInstalled, type Installed, requireNoOperator} from '../../install/installed.ts'
import {pipelineRisks} from '../../install/pipeline.ts'
import {DEFAULT_TIMEOUTS} from '../../install/settings.ts'
import type {Step} from '../../install/step.ts'
import {type Hop, upgradeSteps} from '../../install/upgrade-steps.ts'
import {judgeHops} from '../../install/upgrade-hops.ts'
import {parseVersion, upgradePath} from '../../install/versions.ts'
import type {Connection} from '../connection.ts'
import {upgradePreflight} from '../doctor/preflight.ts'
import {hopManifests} from './choose-manifests.ts'
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

/** What to upgrade to, and how. */
export interface UpgradeRequest extends Omit<InstallRequest, 'wishes' | 'knativeVersion'> {
  /** `1.15.0`. */
  readonly to: string
  /** How long pods and objects may take. */
  readonly timeoutMs?: number | undefined
}

/** From where to where an upgrade goes. */
interface UpgradeCourse {
  readonly cluster: string
  readonly from: string
  readonly to: string
  /** The versions that are installed one after the other; empty if nothing is to do. */
  readonly hops: readonly string[]
  readonly warnings: readonly string[]
}

/** What an upgrade has come to. */
export interface UpgradeOutcome extends UpgradeCourse {
  readonly steps: readonly StepOutcome[]
}

/** What an upgrade would do. */
export interface UpgradePlan extends UpgradeCourse {
  readonly steps: readonly PlannedStepOutcome[]
}

/**
 * Upgrades Knative, net-istio and, if kntool brought it, Istio. Running it again after an
 * interruption goes on with the hop that was under way.
 *
 * Throws `KN_CONFLICT`, having changed nothing, for a way that does not exist.
 */
export async function upgrade(
  connection: Connection,
  request: UpgradeRequest,
  observer: InstallObserver = {},
): Promise<UpgradeOutcome> {
  const collector = new FactCollector()
  const {course, steps, contextFor} = await prepareUpgrade(connection, request, collector.note)
  const agree = async (): Promise<void> => {
    const quiet = contextFor(() => undefined)
    const risks = await pipelineRisks(steps, quiet)
    await agreeOn(risks, observer.confirm, `kntool upgrade --to ${request.to} --dry-run=server`)
  }
  const outcomes = steps.length === 0 ? [] : await runSteps(steps, contextFor, observer, agree)
  const warnings = [...course.warnings, ...(collector.facts.warnings ?? [])]
  return {...course, warnings, steps: outcomes}
}

/** What {@link upgrade} would do; only reads. */
export async function planUpgrade(
  connection: Connection,
  request: UpgradeRequest,
): Promise<UpgradePlan> {
  const collector = new FactCollector()
  const {course, steps, contextFor} = await prepareUpgrade(connection, request, collector.note)
  const planned = await planSteps(
    steps,
    contextFor(() => undefined),
  )
  const warnings = [...course.warnings, ...(collector.facts.warnings ?? [])]
  return {...course, warnings, steps: planned}
}

interface PreparedUpgrade extends Pick<PreparedInstall, 'contextFor'> {
  readonly course: UpgradeCourse
  readonly steps: readonly Step[]
}

async function prepareUpgrade(
  connection: Connection,
  request: UpgradeRequest,
  note: FactCollector['note'],
): Promise<PreparedUpgrade> {
  const {clock, description} = connection
  const {signal, to, timeoutMs = DEFAULT_TIMEOUTS.stepMs} = request
  const client = patientClient(connection.client, {clock, signal, longPatienceMs: timeoutMs})
  const installed = await findInstalled(client)
  const from = upgradableVersion(installed, description)
  const wishes = installedWishes(installed?.state?.settings, timeoutMs)
  const {cluster, contextFor} = await prepareInstall(connection, {...request, wishes}, note)
  if (cluster.embedded) {
    throw new KntoolError(
      'KN_CONFLICT',
      `The Knative of ${description} is a part of kntool: it is upgraded with kntool itself.`,
      {hint: 'npm install -g kntool@latest'},
    )
  }
  const versions = requirePath(from, to)
  const {problem, warnings} = judgeHops(from, versions, cluster.version)
  if (problem !== undefined) throw impossible(from, to, problem)
  const hops = versions.map((version): Hop => ({
    version,
    manifests: hopManifests(version, versions.length > 1, {
      ...request,
      withHpa: wishes.withHpa,
      clock,
    }),
  }))
  const facts = {from, withIstio: installed?.state?.istio === 'kntool'}
  const left = facts.withIstio
    ? []
    : ['Istio is not of kntool: upgrade it with what installed it, one minor version at a time']
  return {
    course: {
      cluster: description,
      from,
      to,
      hops: versions,
      warnings: versions.length === 0 ? [] : [...warnings, ...left],
    },
    steps: upgradeSteps(
      contextFor(() => undefined),
      hops,
      {
        ...facts,
        preflight: upgradePreflight(cluster),
      },
    ),
    contextFor,
  }
}

/** The version to go on from. Throws where nothing whole is installed. */
function upgradableVersion(installed: Installed | undefined, cluster: string): string {
  if (installed === undefined) {
    throw new KntoolError('KN_NOT_FOUND', `Knative is not installed on ${cluster}.`, {
      hint: 'kntool install --domain DOMAIN',
    })
  }
  requireNoOperator(installed, cluster)
  const {state, knativeVersion} = installed
  if (state?.phase === 'installing' || state?.phase === 'uninstalling') {
    const verb = state.phase === 'installing' ? 'install' : 'uninstall'
    throw new KntoolError(
      'KN_CONFLICT',
      `Knative is half ${verb}ed on ${cluster}: the last ${verb} did not end.`,
      {hint: `Let it end first: kntool ${verb}`},
    )
  }
  if (knativeVersion !== undefined) return knativeVersion
  throw new KntoolError(
    'KN_NOT_FOUND',
    `Nothing tells which version of Knative is installed on ${cluster}.`,
    {hint: 'kubectl get deployments -n knative-serving --show-labels'},
  )
}

function requirePath(from: string, to: string): readonly string[] {
  const start = parseVersion(from)
  const end = parseVersion(to)
  if (start === undefined || end === undefined) throw impossible(from, to, 'it is no version')
  const path = upgradePath(start, end)
  if (!path.possible) throw impossible(from, to, path.why)
  return path.hops
}

function impossible(from: string, to: string, why: string): KntoolError {
  return new KntoolError(
    'KN_CONFLICT',
    `Knative ${from} cannot be upgraded to ${to}: ${why.replace(/\.$/, '')}.`,
    {hint: 'Nothing was changed.', details: {from, to}},
  )
}
