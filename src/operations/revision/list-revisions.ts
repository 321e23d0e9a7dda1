import {CONFIGURATION_GENERATION_LABEL, SERVICE_LABEL} from '../../api/serving/metadata-keys.ts'
import {type Revision, REVISIONS, type Service, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {compareText} from '../../util/go/compare.ts'

/** A revision and what its Service says about its traffic. */
export interface RevisionRow {
  readonly revision: Revision
  /** The Service it belongs to, if any. */
  readonly service: string | undefined
  /** Sum of the Service's shares for this revision. */
  readonly percent: number
  readonly tags: readonly string[]
}

/** Which revisions are listed. */
export interface RevisionFilter {
  /** Without it, those of all namespaces. */
  readonly namespace?: string | undefined
  readonly service?: string | undefined
  readonly name?: string | undefined
}

/** Revisions by namespace, Service and generation, the newest first. */
export async function listRevisions(client: Client, filter: RevisionFilter): Promise<Revision[]> {
  const {namespace, service, name} = filter
  const list = await client.list(REVISIONS, {
    namespace,
    labelSelector: service === undefined ? undefined : `${SERVICE_LABEL}=${service}`,
    fieldSelector: name === undefined ? undefined : `metadata.name=${name}`,
  })
  return list.items.toSorted(compareRevisions)
}

/** Adds what the Services say about the traffic, with one more list. */
export async function withTraffic(
  client: Client,
  revisions: readonly Revision[],
  namespace: string | undefined,
): Promise<RevisionRow[]> {
  if (!revisions.some((revision) => serviceOf(revision) !== undefined)) {
    return revisions.map((revision) => ({revision, service: undefined, percent: 0, tags: []}))
  }
  const {items} = await client.list(SERVICES, {namespace})
  // By namespace and name: kn looks up by name only, and mixes up namesakes with -A.
  const services = new Map(items.map((item) => [serviceKey(item.metadata), item]))
  return revisions.map((revision) => {
    const service = serviceOf(revision)
    const owner = services.get(
      serviceKey({name: service ?? '', namespace: revision.metadata.namespace}),
    )
    return {revision, service, ...trafficOf(revision.metadata.name, owner)}
  })
}

/** The share and the tags a Service's status gives to a revision. */
export function trafficOf(
  revision: string,
  service: Service | undefined,
): {percent: number; tags: string[]} {
  const targets = service?.status?.traffic?.filter(({revisionName}) => revisionName === revision)
  return {
    percent: targets?.reduce((sum, {percent = 0}) => sum + percent, 0) ?? 0,
    tags: targets?.flatMap(({tag}) => (tag ? [tag] : [])) ?? [],
  }
}

/** The Service a revision was made for. */
export function serviceOf(revision: Revision): string | undefined {
  return revision.metadata.labels?.[SERVICE_LABEL] || undefined
}

/** The number of its Configuration's generation; undefined if it was made by hand. */
export function generationOf(revision: Revision): number | undefined {
  const text = revision.metadata.labels?.[CONFIGURATION_GENERATION_LABEL]
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

function compareRevisions(left: Revision, right: Revision): number {
  const byName = compareText(left.metadata.name, right.metadata.name)
  const [before, after] = [generationOf(left), generationOf(right)]
  return (
    compareText(left.metadata.namespace ?? '', right.metadata.namespace ?? '') ||
    compareText(serviceOf(left) ?? '', serviceOf(right) ?? '') ||
    (before === undefined || after === undefined ? byName : after - before || byName)
  )
}

function serviceKey({name, namespace}: {name: string; namespace?: string | undefined}): string {
  return `${namespace ?? ''}/${name}`
}
