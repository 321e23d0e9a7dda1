/**
 * Which fields of Kubernetes' types a revision may set: those that their declarations list.
 * Counterpart of `pkg/apis/serving/fieldmask.go`.
 */
import type {FeaturesConfig} from '../config/features.ts'
import type {PodSpec} from '../core/v1.ts'
import {disallowedFields, type FieldErrors, NO_FIELD_ERRORS} from '../field-error.ts'
import {
  CONTAINER,
  CONTAINER_PORT,
  ENV_VAR_SOURCE,
  PROBE,
  RESOURCE_REQUIREMENTS,
  SECURITY_CONTEXT,
  VOLUME_MOUNT,
} from '../go-types/core-container.ts'
import {POD_SECURITY_CONTEXT, POD_SPEC} from '../go-types/core-pod.ts'
import {REFERENCE} from '../go-types/core-references.ts'
import {VOLUME} from '../go-types/core-volumes.ts'
import type {StructType} from '../go-types/go-type.ts'
import {REVISION_SPEC} from '../go-types/serving.ts'

/** Complains about every field of `object` that is set and not in `allowed`. */
export function checkFields(object: object, allowed: ReadonlySet<string>): FieldErrors {
  const found: string[] = []
  for (const [field, value] of Object.entries(object)) {
    if (!allowed.has(field) && !isUnset(value)) found.push(field)
  }
  return found.length === 0 ? NO_FIELD_ERRORS : disallowedFields(...found.toSorted())
}

/** An empty text. A zero or a `false` that is there was put there: decoding drops the others. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** The fields of a struct that may be set, in its order; all that features may let in without `features`. */
function fieldsAllowedIn(type: StructType, features?: FeaturesConfig): ReadonlySet<string> {
  const isOn = (feature: keyof FeaturesConfig): boolean => features?.[feature] !== 'Disabled'
  const allowed = [...type.byJson.values()].filter(
    ({field}) => field.listed && field.refused !== true && (field.features?.some(isOn) ?? true),
  )
  return new Set(allowed.map(({field}) => field.json))
}

export const CONTAINER_FIELDS = fieldsAllowedIn(CONTAINER)
export const CONTAINER_PORT_FIELDS = fieldsAllowedIn(CONTAINER_PORT)
export const VOLUME_MOUNT_FIELDS = fieldsAllowedIn(VOLUME_MOUNT)
export const PROBE_FIELDS = fieldsAllowedIn(PROBE)
export const RESOURCE_FIELDS = fieldsAllowedIn(RESOURCE_REQUIREMENTS)
export const SECURITY_CONTEXT_FIELDS = fieldsAllowedIn(SECURITY_CONTEXT)
export const POD_SECURITY_CONTEXT_FIELDS = fieldsAllowedIn(POD_SECURITY_CONTEXT)
export const OBJECT_REFERENCE_FIELDS = fieldsAllowedIn(REFERENCE)

/** Fields of a PodSpec with each feature that lets them in, unless it is `Disabled`. */
export const POD_FIELDS_BY_FEATURE: readonly (readonly [
  field: keyof PodSpec,
  feature: keyof FeaturesConfig,
])[] = [...POD_SPEC.byJson.values()].flatMap(({field}) =>
  (field.features ?? []).map((feature) => [field.json as keyof PodSpec, feature] as const),
)

/** What features make of the fields that depend on them; computed once per config-features. */
export interface FeatureMasks {
  readonly podSpec: ReadonlySet<string>
  readonly volume: ReadonlySet<string>
  readonly envSource: ReadonlySet<string>
}

const masks = new WeakMap<FeaturesConfig, FeatureMasks>()

/** The masks that depend on features. */
export function featureMasks(features: FeaturesConfig): FeatureMasks {
  const known = masks.get(features)
  if (known !== undefined) return known
  const made: FeatureMasks = {
    podSpec: fieldsAllowedIn(REVISION_SPEC, features),
    volume: fieldsAllowedIn(VOLUME, features),
    envSource: fieldsAllowedIn(ENV_VAR_SOURCE, features),
  }
  masks.set(features, made)
  return made
}
