import type {Configuration, Route, TrafficTarget} from '../../../api/serving/v1.ts'

/**
 * Whether the traffic a Route reports is the traffic it was asked for, with the Configuration's latest
 * ready revision in the Configuration's place.
 *
 * A Route can be ready for what it knew a moment ago; the Service is not before it has caught up.
 */
export function isTrafficMigrated(route: Route, configuration: Configuration): boolean {
  const wanted = route.spec.traffic ?? []
  const reported = route.status?.traffic ?? []
  if (wanted.length !== reported.length) return false
  const latest = configuration.status?.latestReadyRevisionName ?? ''
  return wanted.every((target, index) => {
    const got = reported[index]
    const resolved =
      target.configurationName === configuration.metadata.name
        ? {...target, configurationName: '', revisionName: latest}
        : target
    return got !== undefined && sameShare(resolved, got)
  })
}

/** Equal but for URL and `latestRevision`. */
function sameShare(left: TrafficTarget, right: TrafficTarget): boolean {
  return (
    (left.tag ?? '') === (right.tag ?? '') &&
    (left.revisionName ?? '') === (right.revisionName ?? '') &&
    (left.configurationName ?? '') === (right.configurationName ?? '') &&
    left.percent === right.percent
  )
}
