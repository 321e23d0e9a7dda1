/** `serving.knative.dev`. Counterpart of knative.dev/serving `pkg/apis/serving/v1`. */
import type {ValueOf} from '../go-types/declare.ts'
import type {UNADMITTED_KIND_TYPES} from '../go-types/internal.ts'
import type {
  KIND_TYPES,
  REVISION_SPEC,
  REVISION_TEMPLATE_SPEC,
  TRAFFIC_TARGET,
} from '../go-types/serving.ts'
import type {STATUS, STATUS_TYPES} from '../go-types/status.ts'
import type {KubeObject} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'

/** The part of a status every Knative kind has. */
export interface KnativeStatus extends ValueOf<typeof STATUS> {}
/** Any kind with a Knative status. */
export interface KnativeObject extends KubeObject {
  status?: KnativeStatus
}
/** The spec of a Revision: a PodSpec with Knative's fields. */
export interface RevisionSpec extends ValueOf<typeof REVISION_SPEC> {}
/** The template of Revisions. */
export interface RevisionTemplateSpec extends ValueOf<typeof REVISION_TEMPLATE_SPEC> {}
/** One share of a Route's traffic, in a spec or in a status. */
export interface TrafficTarget extends ValueOf<typeof TRAFFIC_TARGET> {}
/** Service: one application. */
export interface Service extends KubeObject, ValueOf<typeof KIND_TYPES.Service> {
  status?: ValueOf<typeof STATUS_TYPES.Service>
}
/** Configuration: the newest wish; each change makes a Revision. */
export interface Configuration extends KubeObject, ValueOf<typeof KIND_TYPES.Configuration> {
  status?: ValueOf<typeof STATUS_TYPES.Configuration>
}
/** Revision: an immutable snapshot of code and configuration. */
export interface Revision extends KubeObject, ValueOf<typeof KIND_TYPES.Revision> {
  status?: ValueOf<typeof STATUS_TYPES.Revision>
}
/** Route: host names to revisions. */
export interface Route extends KubeObject, ValueOf<typeof KIND_TYPES.Route> {
  status?: ValueOf<typeof STATUS_TYPES.Route>
}
/** DomainMapping: a custom host name to an addressable. */
export interface DomainMapping extends KubeObject, ValueOf<typeof KIND_TYPES.DomainMapping> {
  status?: ValueOf<typeof STATUS_TYPES.DomainMapping>
}
/** `caching.internal.knative.dev` Image. */
export interface Image extends KubeObject, ValueOf<typeof UNADMITTED_KIND_TYPES.Image> {
  status?: ValueOf<typeof STATUS_TYPES.Image>
}

export const SERVICES = resourceType<Service>('serving.knative.dev/v1', 'Service', 'services')
export const CONFIGURATIONS = resourceType<Configuration>(
  'serving.knative.dev/v1',
  'Configuration',
  'configurations',
)
export const REVISIONS = resourceType<Revision>('serving.knative.dev/v1', 'Revision', 'revisions')
export const ROUTES = resourceType<Route>('serving.knative.dev/v1', 'Route', 'routes')
export const DOMAIN_MAPPINGS = resourceType<DomainMapping>(
  'serving.knative.dev/v1beta1',
  'DomainMapping',
  'domainmappings',
)
export const IMAGES = resourceType<Image>(
  'caching.internal.knative.dev/v1alpha1',
  'Image',
  'images',
)
