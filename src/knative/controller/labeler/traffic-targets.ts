import {controllerOf} from '../../../api/meta/owner.ts'
import type {Configuration, Revision, Route} from '../../../api/serving/v1.ts'
import type {Lister} from '../../../controller/informer.ts'

/** Names that a Route's traffic reaches, in its namespace. */
export interface TrafficTargets {
  readonly revisions: Set<string>
  readonly configurations: Set<string>
  /** Those and the ones that do not exist yet. */
  readonly mentioned: {readonly revisions: Set<string>; readonly configurations: Set<string>}
}

/**
 * What a Route's wanted and present traffic reaches: revisions, their Configurations, and for
 * traffic to the latest revision also the one that is not ready yet, so that it can take over
 * smoothly.
 */
export function findTrafficTargets(
  route: Route,
  revisions: Lister<Revision>,
  configurations: Lister<Configuration>,
): TrafficTargets {
  const {namespace} = route.metadata
  const targets: TrafficTargets = {
    revisions: new Set(),
    configurations: new Set(),
    mentioned: {revisions: new Set(), configurations: new Set()},
  }
  for (const target of [...(route.status?.traffic ?? []), ...(route.spec.traffic ?? [])]) {
    const {revisionName = ''} = target
    let {configurationName = ''} = target
    if (revisionName !== '') {
      targets.mentioned.revisions.add(revisionName)
      const revision = revisions.get(namespace, revisionName)
      if (revision === undefined) continue
      targets.revisions.add(revisionName)
      const owner = controllerOf(revision)
      if (owner?.kind === 'Configuration') configurationName = owner.name
    }
    if (configurationName === '') continue
    targets.mentioned.configurations.add(configurationName)
    const configuration = configurations.get(namespace, configurationName)
    if (configuration === undefined) continue
    targets.configurations.add(configurationName)
    const latest = configuration.status?.latestCreatedRevisionName ?? ''
    if (latest === '' || target.latestRevision !== true) continue
    targets.mentioned.revisions.add(latest)
    targets.revisions.add(latest)
  }
  return targets
}
