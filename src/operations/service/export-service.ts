/** A Service and its revisions without what belongs to one cluster, to be created elsewhere. */
import type {KubeObject} from '../../api/meta/object.ts'
import {
  CONFIGURATION_UID_LABEL,
  CREATOR_ANNOTATION,
  LAST_MODIFIER_ANNOTATION,
  LAST_PINNED_ANNOTATION,
  ROUTING_STATE_MODIFIED_ANNOTATION,
  SERVICE_UID_LABEL,
} from '../../api/serving/metadata-keys.ts'
import {type Revision, type Service, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {UPDATE_TIMESTAMP_ANNOTATION} from '../names.ts'
import {generationOf, listRevisions} from '../revision/list-revisions.ts'
import {LAST_APPLIED_ANNOTATION} from '../../api/meta/well-known.ts'

/** How the revisions are exported. */
export type ExportMode =
  /** One object of kn's own kind, which `service import` reads. */
  | 'export'
  /** A list of Services that make the revisions again when they are applied one after another. */
  | 'replay'

/** What is exported: an object, a list of them, or kn's own kind. */
export interface ExportDocument {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: object
  readonly [field: string]: unknown
}

/** Exports a Service; `withRevisions` also the revisions its traffic names. */
export async function exportService(
  client: Client,
  key: {namespace: string; name: string},
  options: {mode: ExportMode; withRevisions: boolean},
): Promise<ExportDocument> {
  const service = await client.get(SERVICES, key)
  const revisions = options.withRevisions ? await readRevisions(client, key) : []
  return options.mode === 'replay'
    ? makeReplay(service, revisions, options.withRevisions)
    : makeExport(service, revisions)
}

async function readRevisions(
  client: Client,
  {namespace, name}: {namespace: string; name: string},
): Promise<Revision[]> {
  const revisions = await listRevisions(client, {namespace, service: name})
  if (revisions.length > 0) {
    return revisions.toSorted(
      (left, right) => (generationOf(left) ?? 0) - (generationOf(right) ?? 0),
    )
  }
  throw new KntoolError('KN_NOT_FOUND', `no revisions found for the service ${name}`)
}

function makeReplay(
  service: Service,
  revisions: readonly Revision[],
  withRevisions: boolean,
): ExportDocument {
  const latest = portableService(service, revisions.length > 1)
  if (!withRevisions) return latest
  const older = routedRevisions(service, revisions).map((revision) => ({
    ...latest,
    spec: {
      template: {
        metadata: portableMetadata({
          ...service.spec.template.metadata,
          name: revision.metadata.name,
          annotations: revision.metadata.annotations,
        }),
        spec: revision.spec,
      },
    },
  }))
  return {apiVersion: 'v1', kind: 'List', metadata: {}, items: [...older, latest]}
}

function makeExport(service: Service, revisions: readonly Revision[]): ExportDocument {
  const exported = routedRevisions(service, revisions).map((revision) =>
    portable(revision, revision.spec),
  )
  return {
    apiVersion: 'client.knative.dev/v1alpha1',
    kind: 'Export',
    metadata: {creationTimestamp: null},
    spec: {
      service: portableService(service, revisions.length > 1),
      revisions: exported.length > 0 ? exported : null,
    },
  }
}

/** The revisions that the traffic names; that of the template itself is made by the Service. */
function routedRevisions({spec}: Service, revisions: readonly Revision[]): Revision[] {
  const routed = new Set((spec.traffic ?? []).map(({revisionName}) => revisionName))
  return revisions.filter(
    ({metadata: {name}}) => routed.has(name) && name !== spec.template.metadata?.name,
  )
}

function portableService(service: Service, withTraffic: boolean): ExportDocument {
  const {template, traffic} = service.spec
  return portable(service, {
    template: {metadata: portableMetadata(template.metadata ?? {}), spec: template.spec},
    ...(withTraffic && traffic && {traffic}),
  })
}

/** An object with only its name, labels and annotations, as Go prints one that has no status. */
function portable({apiVersion, kind, metadata}: KubeObject, spec: object): ExportDocument {
  const {name, labels, annotations} = metadata
  return {
    apiVersion,
    kind,
    metadata: portableMetadata({name, labels, annotations}),
    spec,
    status: {},
  }
}

const OWN_ANNOTATIONS = new Set([
  CREATOR_ANNOTATION,
  LAST_MODIFIER_ANNOTATION,
  LAST_APPLIED_ANNOTATION,
  LAST_PINNED_ANNOTATION,
  ROUTING_STATE_MODIFIED_ANNOTATION,
  UPDATE_TIMESTAMP_ANNOTATION,
])
const OWN_LABELS = new Set([CONFIGURATION_UID_LABEL, SERVICE_UID_LABEL])

function portableMetadata(metadata: {
  name?: string | undefined
  labels?: Record<string, string> | undefined
  annotations?: Record<string, string> | undefined
}): object {
  const {name, labels, annotations} = metadata
  return {
    ...(name !== undefined && {name}),
    creationTimestamp: null,
    ...nonEmpty('labels', without(labels, OWN_LABELS)),
    ...nonEmpty('annotations', without(annotations, OWN_ANNOTATIONS)),
  }
}

function without(
  map: Record<string, string> | undefined,
  keys: ReadonlySet<string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !keys.has(key)))
}

function nonEmpty(field: string, map: Record<string, string>): object {
  return Object.keys(map).length > 0 ? {[field]: map} : {}
}
