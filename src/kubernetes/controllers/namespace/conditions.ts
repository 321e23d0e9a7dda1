import {formatTime} from '../../../api/condition-set.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'

/** What is still in a namespace that is being deleted, by kind. */
export type Remaining = ReadonlyMap<ResourceType, readonly KubeObject[]>

interface NamespaceCondition extends Record<string, unknown> {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
  readonly lastTransitionTime?: string
}

/**
 * The conditions of a namespace that is being deleted: what is left, and what holds it.
 *
 * A condition that says the same as before keeps its time.
 *
 * Counterpart of kubernetes `pkg/controller/namespace/deletion/status_condition_utils.go`.
 */
export function makeTerminatingConditions(
  before: readonly Record<string, unknown>[],
  remaining: Remaining,
  nowMs: number,
): Record<string, unknown>[] {
  const wanted = [
    condition(
      'NamespaceDeletionDiscoveryFailure',
      'False',
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      'False',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    condition(
      'NamespaceDeletionContentFailure',
      'False',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    contentRemaining(remaining),
    finalizersRemaining(remaining),
  ]
  return wanted.map((after) => {
    const old = before.find(({type}) => type === after.type)
    const time = old?.['status'] === after.status ? old['lastTransitionTime'] : undefined
    return {
      type: after.type,
      status: after.status,
      lastTransitionTime: time ?? formatTime(nowMs),
      reason: after.reason,
      message: after.message,
    }
  })
}

function contentRemaining(remaining: Remaining): NamespaceCondition {
  const parts = [...remaining]
    .filter(([, objects]) => objects.length > 0)
    .map(([type, objects]) => `${resourceName(type)} has ${objects.length} resource instances`)
  if (parts.length === 0) {
    return condition(
      'NamespaceContentRemaining',
      'False',
      'ContentRemoved',
      'All content successfully removed',
    )
  }
  return condition(
    'NamespaceContentRemaining',
    'True',
    'SomeResourcesRemain',
    `Some resources are remaining: ${parts.toSorted().join(', ')}`,
  )
}

function finalizersRemaining(remaining: Remaining): NamespaceCondition {
  const counts = new Map<string, number>()
  for (const object of [...remaining.values()].flat()) {
    for (const name of object.metadata.finalizers ?? []) {
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  if (counts.size === 0) {
    return condition(
      'NamespaceFinalizersRemaining',
      'False',
      'ContentHasNoFinalizers',
      'All content-preserving finalizers finished',
    )
  }
  const parts = [...counts].map(([name, count]) => `${name} in ${count} resource instances`)
  return condition(
    'NamespaceFinalizersRemaining',
    'True',
    'SomeFinalizersRemain',
    `Some content in the namespace has finalizers remaining: ${parts.toSorted().join(', ')}`,
  )
}

/** `configmaps.`, `deployments.apps`: upstream prints the empty group too. */
function resourceName({plural, group}: ResourceType): string {
  return `${plural}.${group}`
}

function condition(
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
): NamespaceCondition {
  return {type, status, reason, message}
}
