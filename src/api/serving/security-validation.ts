/** Security contexts of a revision. Counterpart of those in `k8s_validation.go` and `fieldmask.go`. */
import type {FeaturesConfig} from '../config/features.ts'
import {
  disallowedFields,
  fieldError,
  type FieldErrors,
  invalidValue,
  NO_FIELD_ERRORS,
  outOfBounds,
} from '../field-error.ts'
import {checkFields, POD_SECURITY_CONTEXT_FIELDS, SECURITY_CONTEXT_FIELDS} from './field-masks.ts'
import type {SecurityContext} from '../core/v1.ts'

const MAX_ID = 2_147_483_647
const NO_FIELDS: ReadonlySet<string> = new Set()
const ONLY_SECCOMP: ReadonlySet<string> = new Set(['seccompProfile'])

/** Judges a container's security context. */
export function validateSecurityContext(
  context: SecurityContext | undefined,
  features: FeaturesConfig,
): FieldErrors {
  if (context === undefined) return NO_FIELD_ERRORS
  return checkFields(context, SECURITY_CONTEXT_FIELDS).also(
    validateCapabilities(context.capabilities, features).viaField('capabilities'),
    checkId(context.runAsUser, 'runAsUser'),
    checkId(context.runAsGroup, 'runAsGroup'),
  )
}

function validateCapabilities(
  capabilities: SecurityContext['capabilities'],
  features: FeaturesConfig,
): FieldErrors {
  const added = capabilities?.add
  if (added === undefined || features.containerSpecAddCapabilities === 'Enabled') {
    return NO_FIELD_ERRORS
  }
  // The one capability that secure-pod-defaults itself may have added.
  const isOwn = added.length === 1 && added[0] === 'NET_BIND_SERVICE'
  if (features.securePodDefaults === 'Enabled' && isOwn) return NO_FIELD_ERRORS
  return disallowedFields('add')
}

/** Judges the pod's security context: its fields are a feature. */
export function validatePodSecurityContext(
  context: SecurityContext | undefined,
  features: FeaturesConfig,
): FieldErrors {
  if (context === undefined) return NO_FIELD_ERRORS
  return checkFields(context, podFields(context, features)).also(
    checkId(context.runAsUser, 'runAsUser'),
    checkId(context.runAsGroup, 'runAsGroup'),
    checkId(context.fsGroup, 'fsGroup'),
    ...(context.supplementalGroups ?? []).map((group, index) =>
      checkId(group, '').viaFieldIndex('supplementalGroups', index),
    ),
  )
}

function podFields(context: SecurityContext, features: FeaturesConfig): ReadonlySet<string> {
  if (features.podSpecSecurityContext !== 'Disabled') return POD_SECURITY_CONTEXT_FIELDS
  if (features.securePodDefaults !== 'Enabled') return NO_FIELDS
  const {type = '', localhostProfile} = context.seccompProfile ?? {}
  const isSafe = type === 'RuntimeDefault' || type === 'Unconfined'
  return isSafe && localhostProfile === undefined ? ONLY_SECCOMP : NO_FIELDS
}

function checkId(id: number | undefined, field: string): FieldErrors {
  if (id === undefined || (id >= 0 && id <= MAX_ID)) return NO_FIELD_ERRORS
  return outOfBounds(id, 0, MAX_ID, field)
}

/**
 * Warns where Kubernetes' default is not what the restricted profile asks for.
 *
 * Settings that are dangerous on purpose are not its business.
 */
export function warnInsecureDefaults(
  pod: SecurityContext = {},
  container: SecurityContext = {},
): FieldErrors {
  const insecure: string[] = []
  if (pod.runAsNonRoot === undefined && container.runAsNonRoot === undefined) {
    insecure.push('runAsNonRoot')
  }
  if (container.allowPrivilegeEscalation === undefined) insecure.push('allowPrivilegeEscalation')
  if (container.seccompProfile === undefined && pod.seccompProfile === undefined) {
    insecure.push('seccompProfile')
  } else if (!hasText(pod.seccompProfile?.type) && !hasText(container.seccompProfile?.type)) {
    insecure.push('seccompProfile.type')
  }
  const {capabilities} = container
  if (capabilities === undefined) insecure.push('capabilities')
  else if (capabilities.drop === undefined) insecure.push('capabilities.drop')
  const errors = insecure.length === 0 ? NO_FIELD_ERRORS : fieldError(INSECURE_DEFAULT, insecure)
  // "all" in small letters does nothing at all.
  if (capabilities?.drop?.[0] !== 'all') return errors.at('warning')
  return errors
    .also(invalidValue('all', 'capabilities.drop', "Must be spelled as 'ALL'"))
    .at('warning')
}

const INSECURE_DEFAULT =
  'Kubernetes default value is insecure, Knative may default this to secure in a future release'

function hasText(text: string | undefined): boolean {
  return text !== undefined && text !== ''
}
