/** Counterpart of `pkg/reconciler/route/visibility`. */
import {CLUSTER_LOCAL_DOMAIN, domainFor} from '../../../api/config/domain.ts'
import type {CoreService} from '../../../api/core/v1.ts'
import {VISIBILITY_LABEL} from '../../../api/networking/names.ts'
import type {IngressVisibility} from '../../../api/networking/v1alpha1.ts'
import {ROUTE_LABEL} from '../../../api/serving/metadata-keys.ts'
import type {Route} from '../../../api/serving/v1.ts'
import type {Lister} from '../../../controller/informer.ts'
import {DEFAULT_TARGET, hostnameFor, type RouteConfig} from './domains.ts'

/** Who may reach each tag of a Route; the tag '' is the Route itself. */
export type Visibilities = ReadonlyMap<string, IngressVisibility>

/**
 * Who may reach the tags of a Route.
 *
 * | Route's domain is the cluster's | placeholder Service of the tag carries the label | visibility   |
 * | ------------------------------- | ------------------------------------------------ | ------------ |
 * | yes                             | any                                              | ClusterLocal |
 * | no                              | yes                                              | ClusterLocal |
 * | no                              | no, or there is none                             | ExternalIP   |
 */
export function findVisibilities(
  route: Route,
  services: Lister<CoreService>,
  config: RouteConfig,
): Visibilities {
  const {name, namespace, labels} = route.metadata
  const isLocal = domainFor(config.domain, labels) === CLUSTER_LOCAL_DOMAIN
  const tags = new Set([DEFAULT_TARGET])
  for (const {tag} of route.spec.traffic ?? []) tags.add(tag ?? DEFAULT_TARGET)
  return new Map(
    [...tags].map((tag) => {
      const service = services.get(namespace, hostnameFor(name, tag, config))
      const local = isLocal || (service !== undefined && isMarkedLocal(service, name))
      return [tag, local ? 'ClusterLocal' : 'ExternalIP']
    }),
  )
}

function isMarkedLocal({metadata}: CoreService, route: string): boolean {
  const visibility = metadata.labels?.[VISIBILITY_LABEL] ?? ''
  return metadata.labels?.[ROUTE_LABEL] === route && visibility !== ''
}
