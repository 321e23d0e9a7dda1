/**
 * Defaults of the kinds people write, in place.
 *
 * Counterpart of the `*_defaults.go` of knative.dev/serving `pkg/apis/serving`.
 */
import {semanticEqual} from '../../util/semantic-equal.ts'
import type {KubeObject} from '../meta/object.ts'
import type {AdmissionContext} from './admission-context.ts'
import {CREATOR_ANNOTATION, LAST_MODIFIER_ANNOTATION} from './metadata-keys.ts'
import {setRevisionSpecDefaults} from './revision-defaults.ts'
import type {
  Configuration,
  DomainMapping,
  Revision,
  RevisionTemplateSpec,
  Route,
  Service,
  TrafficTarget,
} from './v1.ts'

/** Defaults a Service. `old` is what is stored now, on an update. */
export function setServiceDefaults(
  service: Service,
  context: AdmissionContext,
  old?: Service,
): void {
  setServiceSpecDefaults(service, context, old)
  recordUser(service, context, old, (copy) => setServiceSpecDefaults(copy, withoutCreate(context)))
}

function setServiceSpecDefaults(service: Service, context: AdmissionContext, old?: Service): void {
  setTemplateDefaults(service, context, old?.spec.template)
  if ((service.spec.traffic ?? []).length === 0) {
    service.spec.traffic = [{latestRevision: true, percent: 100}]
  }
  for (const target of service.spec.traffic ?? []) setTargetDefaults(target)
}

/** Defaults a Configuration. `old` is what is stored now, on an update. */
export function setConfigurationDefaults(
  configuration: Configuration,
  context: AdmissionContext,
  old?: Configuration,
): void {
  setTemplateDefaults(configuration, context, old?.spec.template)
  if (isOwned(configuration)) return
  recordUser(configuration, context, old, (copy) =>
    setTemplateDefaults(copy, withoutCreate(context), undefined),
  )
}

/** Defaults a Revision; a stored one is immutable and stays as it is. */
export function setRevisionDefaults(revision: Revision, context: AdmissionContext): void {
  if (context.operation === 'UPDATE') return
  setRevisionSpecDefaults(revision.spec, {...context, parent: {}})
}

/** Defaults a Route. `old` is what is stored now, on an update. */
export function setRouteDefaults(route: Route, context: AdmissionContext, old?: Route): void {
  for (const target of route.spec.traffic ?? []) setTargetDefaults(target)
  if (isOwned(route)) return
  recordUser(route, context, old, (copy) => {
    for (const target of copy.spec.traffic ?? []) setTargetDefaults(target)
  })
}

/** Defaults a DomainMapping. `old` is what is stored now, on an update. */
export function setDomainMappingDefaults(
  mapping: DomainMapping,
  context: AdmissionContext,
  old?: DomainMapping,
): void {
  setReferenceDefaults(mapping)
  recordUser(mapping, context, old, setReferenceDefaults)
}

function setReferenceDefaults(mapping: DomainMapping): void {
  const {namespace} = mapping.metadata
  if ((mapping.spec.ref.namespace ?? '') === '' && namespace !== undefined) {
    mapping.spec.ref.namespace = namespace
  }
}

function setTemplateDefaults(
  object: KubeObject & {spec: {template: RevisionTemplateSpec}},
  context: AdmissionContext,
  old: RevisionTemplateSpec | undefined,
): void {
  const {template} = object.spec
  const name = template.metadata?.name ?? ''
  // Defaults may have changed since; applied to a revision somebody named, they would look like a
  // change under the same name.
  if (old !== undefined && name !== '' && name === old.metadata?.name) return
  setRevisionSpecDefaults(template.spec, {...context, parent: object.metadata})
}

function setTargetDefaults(target: TrafficTarget): void {
  target.latestRevision ??= (target.revisionName ?? '') === ''
  target.percent ??= 0
}

function withoutCreate(context: AdmissionContext): AdmissionContext {
  return {...context, operation: 'UPDATE'}
}

function isOwned(object: KubeObject): boolean {
  return (object.metadata.ownerReferences ?? []).length > 0
}

/**
 * Writes down who created the object and who changed its spec last.
 *
 * Defaults that are newer than the stored object are no change: `setDefaults` is applied to a copy
 * of it before the two are compared, but only when they differ at first sight.
 */
function recordUser<T extends KubeObject & {spec: unknown}>(
  object: T,
  context: AdmissionContext,
  old: T | undefined,
  setDefaults: (copy: T) => void,
): void {
  const {username} = context
  if (username === undefined) return
  if (context.operation === 'UPDATE' && old !== undefined) {
    if (semanticEqual(old.spec, object.spec)) return
    const copy = structuredClone(old)
    setDefaults(copy)
    if (semanticEqual(copy.spec, object.spec)) return
  }
  const annotations = (object.metadata.annotations ??= {})
  if (context.operation === 'CREATE') annotations[CREATOR_ANNOTATION] = username
  annotations[LAST_MODIFIER_ANNOTATION] = username
}
