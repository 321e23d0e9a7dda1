/**
 * Which ReplicaSets belong to which revision of a Deployment, and what is written on them. Nothing
 * here does I/O.
 */
import type {Deployment, ReplicaSet} from '../../../api/apps/v1.ts'
import {DEPLOYMENTS} from '../../../api/apps/v1.ts'
import type {PodTemplateSpec} from '../../../api/core/v1.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import {isJsonObject} from '../../../util/json.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'
import {fnv1a32, safeEncode} from '../hash/fnv.ts'
import {maxSurge} from './fenceposts.ts'
import {LAST_APPLIED_ANNOTATION} from '../../../api/meta/well-known.ts'

/** Label that tells the pods of one template from those of another. */
const POD_TEMPLATE_HASH = 'pod-template-hash'
/** Annotation: the number of the rollout a ReplicaSet or Deployment stands for. */
export const REVISION = 'deployment.kubernetes.io/revision'
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history'
const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas'
const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas'

/** Annotations that say something about the Deployment itself, not about its pods. */
const NOT_COPIED = new Set([
  LAST_APPLIED_ANNOTATION,
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deprecated.deployment.rollback.to',
])

/**
 * The hash that names a template.
 *
 * Differs from upstream: hashes the JSON text of the template, because upstream hashes a dump of Go
 * structs; the value looks the same but is another one.
 */
function podTemplateHash(template: PodTemplateSpec, collisionCount = 0): string {
  return safeEncode(fnv1a32(canonicalJson(template) + (collisionCount || '')))
}

/** Whether two templates make the same pods, whatever hash they carry. */
export function sameTemplate(left: PodTemplateSpec, right: PodTemplateSpec): boolean {
  return semanticEqual(withoutHash(left), withoutHash(right))
}

/** The oldest ReplicaSet that has the Deployment's template. */
export function findNewReplicaSet(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  return replicaSets
    .toSorted(byCreation)
    .find((replicaSet) => sameTemplate(replicaSet.spec.template, deployment.spec.template))
}

/** Oldest first; by name when created in the same second. */
export function byCreation(left: ReplicaSet, right: ReplicaSet): number {
  const leftTime = left.metadata.creationTimestamp ?? ''
  const rightTime = right.metadata.creationTimestamp ?? ''
  if (leftTime !== rightTime) return leftTime < rightTime ? -1 : 1
  return left.metadata.name < right.metadata.name ? -1 : 1
}

/** The revision a ReplicaSet or Deployment carries; 0 without one. */
function revisionOf(object: ReplicaSet | Deployment): number {
  return Number.parseInt(object.metadata.annotations?.[REVISION] ?? '0', 10) || 0
}

/** The highest revision among `replicaSets`. */
export function maxRevision(replicaSets: readonly ReplicaSet[]): number {
  return Math.max(0, ...replicaSets.map(revisionOf))
}

/** The number of pods the Deployment wanted when it last looked at this ReplicaSet. */
export function desiredReplicasAnnotation(replicaSet: ReplicaSet): number | undefined {
  const value = replicaSet.metadata.annotations?.[DESIRED_REPLICAS]
  return value === undefined ? undefined : Number.parseInt(value, 10)
}

/** `annotations` with the counts that proportional scaling needs. */
export function withReplicaCounts(
  annotations: Readonly<Record<string, string>> | undefined,
  deployment: Deployment,
): Record<string, string> {
  const desired = deployment.spec.replicas ?? 1
  return {
    ...annotations,
    [DESIRED_REPLICAS]: String(desired),
    [MAX_REPLICAS]: String(desired + maxSurge(deployment)),
  }
}

/** The pods the Deployment allowed in total when it last looked at this ReplicaSet. */
export function maxReplicasAnnotation(replicaSet: ReplicaSet): number | undefined {
  const value = replicaSet.metadata.annotations?.[MAX_REPLICAS]
  return value === undefined ? undefined : Number.parseInt(value, 10)
}

/** What the annotations of the newest ReplicaSet become when it stands for `revision`. */
export function revisionAnnotations(
  deployment: Deployment,
  current: Readonly<Record<string, string>> | undefined,
  revision: number,
): Record<string, string> {
  const annotations: Record<string, string> = {...current}
  for (const [name, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!NOT_COPIED.has(name)) annotations[name] = value
  }
  const before = annotations[REVISION]
  if ((Number.parseInt(before ?? '0', 10) || 0) < revision) {
    annotations[REVISION] = String(revision)
    // Rolled back to: the numbers it had before stay known.
    if (before !== undefined) {
      const history = annotations[REVISION_HISTORY]
      annotations[REVISION_HISTORY] = history === undefined ? before : `${history},${before}`
    }
  }
  return annotations
}

/** The ReplicaSet of the Deployment's template. */
export function makeReplicaSet(
  deployment: Deployment,
  revision: number,
  replicas: number,
): ReplicaSet {
  const {template, selector} = deployment.spec
  const hash = podTemplateHash(template, deployment.status?.collisionCount)
  const labels = {...template.metadata?.labels, [POD_TEMPLATE_HASH]: hash}
  const {namespace, name} = deployment.metadata
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace !== undefined && {namespace}),
      labels,
      annotations: withReplicaCounts(
        revisionAnnotations(deployment, undefined, revision),
        deployment,
      ),
      ownerReferences: [controllerReference(deployment, DEPLOYMENTS)],
    },
    spec: {
      replicas,
      ...(deployment.spec.minReadySeconds !== undefined && {
        minReadySeconds: deployment.spec.minReadySeconds,
      }),
      selector: {
        ...selector,
        matchLabels: {...selector.matchLabels, [POD_TEMPLATE_HASH]: hash},
      },
      template: {...template, metadata: {...template.metadata, labels}},
    },
  }
}

/** Old ReplicaSets beyond the history limit that nothing runs in any more, oldest first. */
export function chooseForCleanup(
  deployment: Deployment,
  oldReplicaSets: readonly ReplicaSet[],
): ReplicaSet[] {
  const limit = deployment.spec.revisionHistoryLimit
  if (limit === undefined) return []
  const alive = oldReplicaSets.filter(({metadata}) => metadata.deletionTimestamp === undefined)
  return alive
    .toSorted((left, right) => revisionOf(left) - revisionOf(right) || byCreation(left, right))
    .slice(0, Math.max(0, alive.length - limit))
    .filter(
      ({metadata, spec, status}) =>
        (status?.replicas ?? 0) === 0 &&
        (spec.replicas ?? 0) === 0 &&
        (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0),
    )
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const labels = template.metadata?.labels
  if (labels?.[POD_TEMPLATE_HASH] === undefined) return template
  const {[POD_TEMPLATE_HASH]: _, ...rest} = labels
  return {...template, metadata: {...template.metadata, labels: rest}}
}

/** JSON with sorted keys: the same template gives the same text, whoever wrote it. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  if (!isJsonObject(value)) return JSON.stringify(value) ?? 'null'
  const names = Object.keys(value).filter((name) => value[name] !== undefined)
  return `{${names
    .toSorted()
    .map((name) => `"${name}":${canonicalJson(value[name])}`)
    .join()}}`
}
