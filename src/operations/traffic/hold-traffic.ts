import type {Service, TrafficTarget} from '../../api/serving/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'

/**
 * The `spec.traffic` with which a new revision gets no traffic: shares that follow the latest
 * revision stay with the one that has them now, while tags go on following.
 *
 * Throws `KN_NOT_READY` when no revision has the traffic yet.
 */
export function holdTraffic({metadata, spec, status}: Service): TrafficTarget[] {
  const wanted = spec.traffic ?? [{latestRevision: true, percent: 100}]
  const following = status?.traffic?.find(({latestRevision}) => latestRevision)
  const current = following?.revisionName ?? status?.latestReadyRevisionName
  return wanted.flatMap((target): TrafficTarget[] => {
    const {latestRevision, percent = 0, tag} = target
    if (!latestRevision || percent === 0) return [target]
    if (current === undefined) {
      throw new KntoolError(
        'KN_NOT_READY',
        `No revision of service '${metadata.name}' is ready to keep the traffic.`,
        {hint: `kntool service update ${metadata.name} also moves the traffic`},
      )
    }
    const held = {revisionName: current, latestRevision: false, percent}
    return tag ? [held, {tag, latestRevision: true, percent: 0}] : [held]
  })
}
