import {isJsonObject, objectAt, stringAt, type JsonObject} from '../../../apiserver/json-value.ts'
import {
  invalidValue,
  oneOf,
  required,
  type FieldError,
} from '../../../apiserver/validation/field-error.ts'

const MAX_ID = 2_147_483_647
const GROUP_CHANGE_POLICIES = ['Always', 'OnRootMismatch']
const SECCOMP_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined']

/** What is wrong with the security context of a pod spec at `path`. */
export function validatePodSecurity(spec: JsonObject, path: string): FieldError[] {
  const at = `${path}.securityContext`
  const context = objectAt(spec, 'securityContext')
  const {supplementalGroups} = context
  const groups: readonly unknown[] = Array.isArray(supplementalGroups) ? supplementalGroups : []
  const errors = [
    ...validateId(context['fsGroup'], `${at}.fsGroup`),
    ...validateUser(context, at),
    ...groups.flatMap((group, index) => validateId(group, `${at}.supplementalGroups[${index}]`)),
  ]
  if (spec['shareProcessNamespace'] === true && spec['hostPID'] === true) {
    const detail = 'ShareProcessNamespace and HostPID cannot both be enabled'
    errors.push(invalidValue(`${at}.shareProcessNamespace`, true, detail))
  }
  return [
    ...errors,
    ...oneOf(`${at}.fsGroupChangePolicy`, context['fsGroupChangePolicy'], GROUP_CHANGE_POLICIES),
    ...validateSeccomp(context['seccompProfile'], `${at}.seccompProfile`),
  ]
}

/** What is wrong with the security context of a container, which is at `path`. */
export function validateContainerSecurity(container: JsonObject, path: string): FieldError[] {
  const at = `${path}.securityContext`
  const context = objectAt(container, 'securityContext')
  return [
    ...validateUser(context, at),
    ...validateSeccomp(context['seccompProfile'], `${at}.seccompProfile`),
  ]
}

function validateUser(context: JsonObject, path: string): FieldError[] {
  return ['runAsUser', 'runAsGroup'].flatMap((field) =>
    validateId(context[field], `${path}.${field}`),
  )
}

function validateId(id: unknown, path: string): FieldError[] {
  if (typeof id !== 'number' || (id >= 0 && id <= MAX_ID)) return []
  return [invalidValue(path, id, `must be between 0 and ${MAX_ID}, inclusive`)]
}

function validateSeccomp(profile: unknown, path: string): FieldError[] {
  if (!isJsonObject(profile)) return []
  const type = stringAt(profile, 'type')
  if (type === '') return [required(`${path}.type`, 'type is required when seccompProfile is set')]
  if (type === 'Localhost' && profile['localhostProfile'] === undefined) {
    const detail = 'must be set when seccomp type is Localhost'
    return [required(`${path}.localhostProfile`, detail)]
  }
  return oneOf(`${path}.type`, type, SECCOMP_TYPES)
}
