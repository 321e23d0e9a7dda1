/** What traffic leaves on revisions and Configurations. Counterpart of `pkg/reconciler/labeler`. */
import {formatTime} from '../../../api/condition-set.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {
  ROUTES_ANNOTATION,
  ROUTING_STATE_LABEL,
  ROUTING_STATE_MODIFIED_ANNOTATION,
} from '../../../api/serving/metadata-keys.ts'
import {listAnnotation} from '../metadata.ts'

/** A merge patch of metadata; null removes a key. */
export interface MetadataPatch {
  readonly metadata: {
    readonly labels?: Record<string, string>
    readonly annotations?: Record<string, string | null>
  }
}

/** The values of the index of objects by the `namespace/name` of the Routes that point at them. */
export function routesOf({metadata}: KubeObject): string[] {
  const routes = listAnnotation(metadata.annotations, ROUTES_ANNOTATION)
  return [...routes].map((route) => `${metadata.namespace ?? ''}/${route}`)
}

/** What must change so that `object` names `route`, or does not; undefined when nothing must. */
export function patchRoutes(
  object: KubeObject,
  route: string,
  action: 'add' | 'remove',
): MetadataPatch | undefined {
  const routes = changedRoutes(object, route, action)
  return routes === undefined ? undefined : {metadata: {annotations: {[ROUTES_ANNOTATION]: routes}}}
}

/**
 * As {@link patchRoutes}, for a revision: it is `active` while a Route names it and else in
 * `reserve`, and carries the time of that change.
 */
export function patchRevision(
  revision: KubeObject,
  route: string,
  action: 'add' | 'remove',
  nowMs: number,
): MetadataPatch | undefined {
  const {labels, annotations} = revision.metadata
  const changed = changedRoutes(revision, route, action)
  const routes = changed === undefined ? annotations?.[ROUTES_ANNOTATION] : changed
  const state = (routes ?? '') === '' ? 'reserve' : 'active'
  const stateChanged = labels?.[ROUTING_STATE_LABEL] !== state
  if (changed === undefined && !stateChanged) return undefined
  return {
    metadata: {
      ...(stateChanged && {labels: {[ROUTING_STATE_LABEL]: state}}),
      annotations: {
        ...(changed !== undefined && {[ROUTES_ANNOTATION]: changed}),
        ...(stateChanged && {[ROUTING_STATE_MODIFIED_ANNOTATION]: formatTime(nowMs)}),
      },
    },
  }
}

/** The new list of Routes; null when it is to go, undefined when it stays. */
function changedRoutes(
  {metadata}: KubeObject,
  route: string,
  action: 'add' | 'remove',
): string | null | undefined {
  const routes = listAnnotation(metadata.annotations, ROUTES_ANNOTATION)
  if (routes.has(route) === (action === 'add')) return undefined
  if (action === 'add') routes.add(route)
  else routes.delete(route)
  return routes.size === 0 ? null : [...routes].join(',')
}
