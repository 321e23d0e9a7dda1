import {SERVICE_LABEL} from '../../api/serving/metadata-keys.ts'
import {
  CONFIGURATIONS,
  type Revision,
  REVISIONS,
  type Service,
  SERVICES,
  type TrafficTarget,
} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {generationOf} from '../revision/list-revisions.ts'

/** A revision in the light of its Service. */
export interface RevisionSummary {
  readonly revision: Revision
  /** Number of the Configuration's generation it was made from. */
  readonly generation: number
  readonly percent: number
  readonly tag: string | undefined
  /** Whether its share follows the latest ready revision. */
  readonly latestTarget: boolean
  readonly latestCreated: boolean
  readonly latestReady: boolean
}

/** A Service and the revisions that matter to it. */
export interface ServiceDescription {
  readonly service: Service
  /** One entry per traffic target, then the latest ones; by generation, the newest first. */
  readonly revisions: readonly RevisionSummary[]
}

/** Reads a Service and its revisions: those with traffic and the latest, or with `all` every one. */
export async function describeService(
  client: Client,
  key: {namespace: string; name: string},
  options: {all: boolean},
): Promise<ServiceDescription> {
  const service = await client.get(SERVICES, key)
  const revisions = await readRevisions(client, service, options.all)
  const summaries: RevisionSummary[] = []
  const seen = new Set<string>()
  const add = (revision: Revision, target?: TrafficTarget): void => {
    seen.add(revision.metadata.name)
    summaries.push(summarize(service, revision, target))
  }
  for (const target of service.status?.traffic ?? []) {
    add(await revisions.get(await revisionNameOf(client, key.namespace, target)), target)
  }
  const {latestCreatedRevisionName, latestReadyRevisionName} = service.status ?? {}
  for (const name of [latestCreatedRevisionName, latestReadyRevisionName]) {
    if (name && !seen.has(name)) add(await revisions.get(name))
  }
  for (const revision of revisions.listed) {
    if (!seen.has(revision.metadata.name)) add(revision)
  }
  return {
    service,
    revisions: summaries.toSorted((left, right) => right.generation - left.generation),
  }
}

// One list when all are wanted, else one request per revision that is.
async function readRevisions(
  client: Client,
  {metadata: {namespace, name}}: Service,
  all: boolean,
): Promise<{listed: readonly Revision[]; get(name: string): Promise<Revision>}> {
  if (!all) {
    const known = new Map<string, Promise<Revision>>()
    return {
      listed: [],
      get(revisionName) {
        const found = known.get(revisionName)
        if (found !== undefined) return found
        const reading = client.get(REVISIONS, {namespace, name: revisionName})
        known.set(revisionName, reading)
        return reading
      },
    }
  }
  const {items} = await client.list(REVISIONS, {
    namespace,
    labelSelector: `${SERVICE_LABEL}=${name}`,
  })
  return {
    listed: items,
    async get(revisionName) {
      const listed = items.find(({metadata}) => metadata.name === revisionName)
      return listed ?? client.get(REVISIONS, {namespace, name: revisionName})
    },
  }
}

async function revisionNameOf(
  client: Client,
  namespace: string,
  target: TrafficTarget,
): Promise<string> {
  if (target.revisionName) return target.revisionName
  if (!target.configurationName) {
    throw new KntoolError(
      'KN_FAILED',
      'A traffic target names neither a revision nor a configuration.',
    )
  }
  const configuration = await client.get(CONFIGURATIONS, {
    namespace,
    name: target.configurationName,
  })
  return configuration.status?.latestCreatedRevisionName ?? ''
}

function summarize(
  {status}: Service,
  revision: Revision,
  target: TrafficTarget | undefined,
): RevisionSummary {
  const {name} = revision.metadata
  return {
    revision,
    generation: generationOf(revision) ?? 0,
    percent: target?.percent ?? 0,
    tag: target?.tag || undefined,
    latestTarget: target?.latestRevision ?? false,
    latestCreated: name === status?.latestCreatedRevisionName,
    latestReady: name === status?.latestReadyRevisionName,
  }
}
