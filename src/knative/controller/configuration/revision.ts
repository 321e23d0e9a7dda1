/** Counterpart of `pkg/reconciler/configuration/resources/revision.go`. */
import {formatTime} from '../../../api/condition-set.ts'
import {childName} from '../../../api/meta/child-name.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import {
  CONFIGURATION_GENERATION_LABEL,
  CONFIGURATION_LABEL,
  CONFIGURATION_UID_LABEL,
  CREATOR_ANNOTATION,
  LAST_MODIFIER_ANNOTATION,
  ROUTES_ANNOTATION,
  ROUTING_STATE_LABEL,
  ROUTING_STATE_MODIFIED_ANNOTATION,
  SERVICE_LABEL,
  SERVICE_UID_LABEL,
} from '../../../api/serving/metadata-keys.ts'
import {type Configuration, CONFIGURATIONS, type Revision} from '../../../api/serving/v1.ts'
import {givenName} from '../latest-revision.ts'

/**
 * The revision of a Configuration's present generation.
 *
 * It begins `pending`, so that nobody collects it before the labeler has seen it, or `active` where
 * Routes point at the Configuration already.
 */
export function makeRevision(configuration: Configuration, nowMs: number): Revision {
  const {template} = configuration.spec
  const {namespace} = configuration.metadata
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {
      name: givenName(configuration) ?? generatedName(configuration),
      ...(namespace !== undefined && {namespace}),
      labels: makeLabels(configuration),
      annotations: makeAnnotations(configuration, nowMs),
      ownerReferences: [controllerReference(configuration, CONFIGURATIONS)],
    },
    spec: template.spec,
  }
}

/** `name-00001`: the name of a revision that its author did not name. */
function generatedName({metadata}: Configuration): string {
  return childName(metadata.name, `-${String(metadata.generation ?? 0).padStart(5, '0')}`)
}

function makeLabels(configuration: Configuration): Record<string, string> {
  const {name, uid = '', generation = 0, labels} = configuration.metadata
  const service = labels?.[SERVICE_LABEL] ?? ''
  const serviceUid = labels?.[SERVICE_UID_LABEL] ?? ''
  return {
    ...configuration.spec.template.metadata?.labels,
    [ROUTING_STATE_LABEL]: hasRoutes(configuration) ? 'active' : 'pending',
    [CONFIGURATION_LABEL]: name,
    [CONFIGURATION_GENERATION_LABEL]: String(generation),
    [CONFIGURATION_UID_LABEL]: uid,
    ...(service !== '' && {[SERVICE_LABEL]: service}),
    ...(serviceUid !== '' && {[SERVICE_UID_LABEL]: serviceUid}),
  }
}

function makeAnnotations(configuration: Configuration, nowMs: number): Record<string, string> {
  const {annotations} = configuration.metadata
  const creator = annotations?.[LAST_MODIFIER_ANNOTATION]
  const routes = annotations?.[ROUTES_ANNOTATION]
  return {
    ...configuration.spec.template.metadata?.annotations,
    [ROUTING_STATE_MODIFIED_ANNOTATION]: formatTime(nowMs),
    ...(creator !== undefined && {[CREATOR_ANNOTATION]: creator}),
    ...(routes !== undefined && {[ROUTES_ANNOTATION]: routes}),
  }
}

function hasRoutes({metadata}: Configuration): boolean {
  return metadata.annotations?.[ROUTES_ANNOTATION] !== undefined
}
