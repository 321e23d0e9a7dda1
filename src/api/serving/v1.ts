/** `serving.knative.dev`. Counterpart of knative.dev/serving `pkg/apis/serving/v1`. */
import type {Condition} from '../conditions.ts'
import type {PodSpec} from '../core/v1.ts'
import type {KubeObject, ObjectMeta} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'

/** The part of a status every Knative kind has. */
export interface KnativeStatus {
  observedGeneration?: number
  conditions?: Condition[]
  annotations?: Record<string, string>
}
/** Any kind with a Knative status. */
export interface KnativeObject extends KubeObject {
  status?: KnativeStatus
}
/** The spec of a Revision: a PodSpec with Knative's fields. */
export interface RevisionSpec extends PodSpec {
  containerConcurrency?: number
  timeoutSeconds?: number
  responseStartTimeoutSeconds?: number
  idleTimeoutSeconds?: number
}
/** The template of Revisions. */
export interface RevisionTemplateSpec {
  metadata?: Partial<ObjectMeta>
  spec: RevisionSpec
}
/** One share of a Route's traffic, in a spec or in a status. */
export interface TrafficTarget {
  tag?: string
  revisionName?: string
  configurationName?: string
  latestRevision?: boolean
  percent?: number
  url?: string
}
/** `duckv1.Addressable`. */
export interface Addressable {
  url?: string
  name?: string
  CACerts?: string
}
/** Status fields of Configuration, inlined in Service. */
export interface ConfigurationStatusFields {
  latestReadyRevisionName?: string
  latestCreatedRevisionName?: string
}
/** Status fields of Route, inlined in Service. */
export interface RouteStatusFields {
  url?: string
  address?: Addressable
  traffic?: TrafficTarget[]
}
/** Service: one application. */
export interface Service extends KubeObject {
  spec: {template: RevisionTemplateSpec; traffic?: TrafficTarget[]}
  status?: KnativeStatus & ConfigurationStatusFields & RouteStatusFields
}
/** Configuration: the newest wish; each change makes a Revision. */
export interface Configuration extends KubeObject {
  spec: {template: RevisionTemplateSpec}
  status?: KnativeStatus & ConfigurationStatusFields
}
/** Revision: an immutable snapshot of code and configuration. */
export interface Revision extends KubeObject {
  spec: RevisionSpec
  status?: KnativeStatus & {
    logUrl?: string
    containerStatuses?: {name?: string; imageDigest?: string}[]
    initContainerStatuses?: {name?: string; imageDigest?: string}[]
    actualReplicas?: number
    desiredReplicas?: number
  }
}
/** Route: host names to revisions. */
export interface Route extends KubeObject {
  spec: {traffic?: TrafficTarget[]}
  status?: KnativeStatus & RouteStatusFields
}
/** DomainMapping: a custom host name to an addressable. */
export interface DomainMapping extends KubeObject {
  spec: {
    ref: {apiVersion?: string; kind?: string; name?: string; namespace?: string; address?: string}
    tls?: {secretName?: string}
  }
  status?: KnativeStatus & {url?: string; address?: Addressable}
}
/** `caching.internal.knative.dev` Image. */
export interface Image extends KubeObject {
  spec: {image: string; serviceAccountName?: string; imagePullSecrets?: {name: string}[]}
  status?: KnativeStatus
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
