/** `kntool install`: the pipeline of an installation on the cluster of a connection. */
import {RestMapper} from '../../client/rest-mapper.ts'
import {installSteps} from '../../install/install-steps.ts'
import {embeddedManifests, type ManifestSource, manifestsIn} from '../../install/manifests.ts'
import {type PipelineEvent, planPipeline, runPipeline} from '../../install/pipeline.ts'
import type {InstallSettings} from '../../install/settings.ts'
import type {InstallContext, InstallFacts, PlannedChange} from '../../install/step.ts'
import type {Connection} from '../connection.ts'
import {createProbe} from './probe.ts'

/** What to install. */
export interface InstallRequest {
  readonly settings: InstallSettings
  /** A folder with the release files; without it, those that go with the cluster. */
  readonly manifests?: string | undefined
  readonly signal: AbortSignal
  readonly onEvent?: (event: PipelineEvent) => void
}

/** What became of one step. */
export interface StepOutcome {
  readonly id: string
  readonly title: string
  readonly state: 'done' | 'skipped'
  readonly reason?: string
  readonly elapsedMs?: number
}

/** What an installation has come to. */
export interface InstallOutcome {
  readonly cluster: string
  readonly domain: string
  /** A URL that was called and answered; absent when nothing could be called. */
  readonly url?: string
  readonly steps: readonly StepOutcome[]
}

/** What an installation would do. */
export interface InstallPlan {
  readonly cluster: string
  readonly domain: string
  readonly steps: readonly {
    readonly id: string
    readonly title: string
    readonly skipped?: string
    readonly changes: readonly PlannedChange[]
  }[]
}

/**
 * Installs, step by step; what is there already is left as it is.
 *
 * Throws what the first failing step threw. Running it again goes on from there.
 */
export async function install(
  connection: Connection,
  request: InstallRequest,
): Promise<InstallOutcome> {
  let facts: Partial<InstallFacts> = {}
  const outcomes: StepOutcome[] = []
  const context = {
    ...(await createContext(connection, request)),
    note: (fact: Partial<InstallFacts>) => (facts = {...facts, ...fact}),
  }
  await runPipeline(installSteps(), context, (event) => {
    const {id, title} = event.step
    if (event.type === 'skipped') {
      outcomes.push({id, title, state: 'skipped', reason: event.reason})
    } else if (event.type === 'finished') {
      outcomes.push({id, title, state: 'done', elapsedMs: event.elapsedMs})
    }
    request.onEvent?.(event)
  })
  return {
    cluster: connection.description,
    domain: request.settings.domain,
    ...(facts.provenUrl !== undefined && {url: facts.provenUrl}),
    steps: outcomes,
  }
}

/** What {@link install} would do; only reads. */
export async function planInstall(
  connection: Connection,
  request: InstallRequest,
): Promise<InstallPlan> {
  const context = {
    ...(await createContext(connection, request)),
    progress: () => undefined,
    note: () => undefined,
  }
  const steps = await planPipeline(installSteps(), context)
  return {
    cluster: connection.description,
    domain: request.settings.domain,
    steps: steps.map(({step: {id, title}, ...rest}) => ({id, title, ...rest})),
  }
}

async function createContext(
  connection: Connection,
  request: InstallRequest,
): Promise<Omit<InstallContext, 'progress' | 'note'>> {
  const {client, clock} = connection
  return {
    client,
    mapper: new RestMapper(client),
    clock,
    manifests: sourceOf(request.manifests),
    target: 'embedded',
    settings: request.settings,
    probe: createProbe(connection),
    signal: request.signal,
  }
}

function sourceOf(manifests: string | undefined): ManifestSource {
  return manifests === undefined ? embeddedManifests() : manifestsIn(manifests)
}
