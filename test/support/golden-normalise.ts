/**
 * Makes recorded and our own objects comparable: what a server makes up (identifiers, times,
 * addresses, random names, hashes) gives way to a placeholder, everything else stays.
 *
 * The rules are those of the recordings' own `compare_objects.py`.
 */
import type {KubeObject} from '../../src/api/meta/object.ts'
import {isJsonObject, type JsonObject} from '../../src/util/json.ts'

/** Written by clients, or counted by controllers. */
const DROPPED_ANNOTATIONS = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'endpoints.kubernetes.io/last-change-trigger-time',
  'serving.knative.dev/rollout',
])
const PLACEHOLDER_ANNOTATIONS: Record<string, string> = {
  'serving.knative.dev/routingStateModified': '<time>',
  'client.knative.dev/updateTimestamp': '<time>',
  'networking.internal.knative.dev/rollout': '<rollout>',
}
const DROPPED_METADATA = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'managedFields',
])
const TIMES = new Set([
  'lastTransitionTime',
  'lastUpdateTime',
  'lastProbeTime',
  'startTime',
  'startedAt',
  'finishedAt',
  'firstTimestamp',
  'lastTimestamp',
  'eventTime',
])
const ADDRESSES = new Set(['ip', 'podIP', 'hostIP', 'clusterIP'])
const ADDRESS_LISTS = new Set(['podIPs', 'hostIPs', 'clusterIPs'])
const IDENTIFIERS = new Set(['containerID', 'imageID', 'nodeName', 'uid', 'resourceVersion'])
/** The order of these lists means nothing. */
const SETS = new Set([
  'conditions',
  'addresses',
  'endpoints',
  'notReadyAddresses',
  'ownerReferences',
])
/** Their generation counts how writes were batched. */
const COUNTS_WRITES = new Set([
  'serverlessservice',
  'podautoscaler',
  'kingress',
  'virtualservice',
  'deployment',
  'service',
  'endpointslice',
  'endpoints',
  'replicaset',
])

const SAFE = '[bcdfghjklmnpqrstvwxz2456789]'
const TEXT_RULES: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(`-deployment-${SAFE}{6,10}(?![a-z0-9]|-${SAFE}{5}(?![a-z0-9]))`, 'g'),
    '-deployment-<hash>',
  ],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\b(10|172|192)\.\d+\.\d+\.\d+\b/g, '<ip>'],
  [new RegExp(`-${SAFE}{6,10}-${SAFE}{5}(?![a-z0-9])`, 'g'), '-<hash>-<random>'],
  [new RegExp(`-(?=[a-z0-9]*\\d)${SAFE}{8,10}(?![a-z0-9-])`, 'g'), '-<hash>'],
  [new RegExp(`-${SAFE}{5}(?![a-z0-9-])`, 'g'), '-<random>'],
  [/\b[0-9a-f]{64}\b/g, '<sha>'],
]

/** A text without what a server made up in it. */
export function normaliseText(text: string): string {
  return TEXT_RULES.reduce((rest, [pattern, by]) => rest.replace(pattern, by), text)
}

/** An object of `kind` (the name of its file in a recording) without what a server made up. */
export function normaliseObject(object: KubeObject, kind: string): JsonObject {
  const normal = normalise(object, {kind, key: '', depth: 0}) as JsonObject
  const metadata = normal['metadata'] as JsonObject
  if (String(metadata['name']).includes('<')) delete metadata['generateName']
  return normal
}

interface Place {
  readonly kind: string
  /** The field the value stands in; items of a list stand in the list's. */
  readonly key: string
  readonly depth: number
}

function normalise(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return normaliseText(value)
  if (Array.isArray(value)) return normaliseList(value, place)
  return isJsonObject(value) ? normaliseFields(value, place) : value
}

function normaliseList(list: readonly unknown[], place: Place): unknown[] {
  const items = list.map((item) => normalise(item, {...place, depth: place.depth + 1}))
  if (!SETS.has(place.key)) return items
  return items.toSorted((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1))
}

function sortKey(item: unknown): string {
  const type = isJsonObject(item) ? item['type'] : undefined
  return typeof type === 'string' ? type : JSON.stringify(item)
}

function normaliseFields(fields: JsonObject, place: Place): JsonObject {
  const {kind, key, depth} = place
  const result: JsonObject = {}
  const isMetadata = key === 'metadata' && depth === 1
  for (const name of Object.keys(fields).toSorted()) {
    const value = fields[name]
    if (isMetadata && (DROPPED_METADATA.has(name) || isBatchCount(name, kind))) continue
    if (key === 'annotations' && DROPPED_ANNOTATIONS.has(name)) continue
    const normal = placeholder(name, value, place) ?? normalise(value, below(place, name))
    const isEmptyMap = isJsonObject(normal) && Object.keys(normal).length === 0
    if (isMetadata && isEmptyMap) continue
    result[name] = normal
  }
  return result
}

function below({kind, depth}: Place, key: string): Place {
  return {kind, key, depth: depth + 1}
}

function isBatchCount(name: string, kind: string): boolean {
  return name === 'generation' && COUNTS_WRITES.has(kind)
}

function placeholder(name: string, value: unknown, {key, kind}: Place): unknown {
  if (key === 'annotations') return PLACEHOLDER_ANNOTATIONS[name]
  if (TIMES.has(name)) return value ? '<time>' : value
  if (ADDRESSES.has(name) && typeof value === 'string') {
    return value === '' || value === 'None' ? value : '<ip>'
  }
  if (ADDRESS_LISTS.has(name)) return Array.isArray(value) ? value.map(() => '<ip>') : value
  if (IDENTIFIERS.has(name)) return `<${name}>`
  if (name === 'pod-template-hash') return '<hash>'
  if (name === 'observedGeneration' && COUNTS_WRITES.has(kind)) return '<count>'
  return undefined
}
