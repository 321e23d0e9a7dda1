/** What a Route tells of its URL and its traffic. */
import type {Route, TrafficTarget} from '../../../api/serving/v1.ts'
import {DEFAULT_TARGET, hostFor, type RouteConfig} from './domains.ts'
import {type Rollout, sharesOf} from './rollout.ts'
import type {Traffic} from './traffic.ts'
import type {Visibilities} from './visibility.ts'

/** The URL of a tag, or of the Route itself. Throws as {@link hostFor}. */
export function urlFor(
  {metadata}: Route,
  tag: string,
  visibilities: Visibilities,
  config: RouteConfig,
): string {
  const visibility = visibilities.get(tag) ?? 'ExternalIP'
  const scheme = visibility === 'ClusterLocal' ? 'http' : config.network.defaultExternalScheme
  return `${scheme}://${hostFor(metadata, tag, visibility, config)}`
}

/** The traffic by revision, as it flows while `rollout` moves it. Throws as {@link hostFor}. */
export function makeTrafficStatus(
  traffic: Traffic,
  rollout: Rollout,
  urlOf: (tag: string) => string,
): TrafficTarget[] {
  return traffic.revisionTargets.flatMap((target) => {
    const {tag, configurationName, latestRevision} = target
    const moving = latestRevision ? sharesOf(rollout, tag, configurationName) : undefined
    return (moving ?? [target]).map(({revisionName, percent}) => ({
      ...(tag !== DEFAULT_TARGET && {tag, url: urlOf(tag)}),
      revisionName,
      latestRevision,
      percent,
    }))
  })
}
