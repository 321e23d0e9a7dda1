import type {KubeObject} from '../../../api/meta/object.ts'
import {
  asJson,
  jsonEqual,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import {
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from '../../apiserver/validation/field-error.ts'
import {dnsSubdomain} from '../../apiserver/validation/names.ts'

const RBAC_GROUP = 'rbac.authorization.k8s.io'
const SUBJECT_KINDS = ['ServiceAccount', 'User', 'Group']

/**
 * What is wrong with the rules of a Role.
 *
 * Counterpart of kubernetes `pkg/apis/rbac/validation`.
 */
export function validateRole(role: JsonObject): FieldError[] {
  return validateRules(role, true)
}

/** What is wrong with the rules of a ClusterRole, which may also name URLs. */
export function validateClusterRole(role: JsonObject): FieldError[] {
  return validateRules(role, false)
}

function validateRules(role: JsonObject, isNamespaced: boolean): FieldError[] {
  return objectsAt(role, 'rules').flatMap((rule, index) =>
    validateRule(rule, `rules[${index}]`, isNamespaced),
  )
}

function validateRule(rule: JsonObject, path: string, isNamespaced: boolean): FieldError[] {
  const errors: FieldError[] = []
  const lacks = (field: string): boolean => stringsAt(rule, field).length === 0
  if (lacks('verbs')) {
    errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'))
  }
  if (!lacks('nonResourceURLs')) {
    const urls = stringsAt(rule, 'nonResourceURLs')
    if (isNamespaced) {
      const why = 'namespaced rules cannot apply to non-resource URLs'
      errors.push(invalidValue(`${path}.nonResourceURLs`, urls, why))
    }
    if (!lacks('apiGroups') || !lacks('resources') || !lacks('resourceNames')) {
      const why = 'rules cannot apply to both regular resources and non-resource URLs'
      errors.push(invalidValue(`${path}.nonResourceURLs`, urls, why))
    }
    return errors
  }
  if (lacks('apiGroups')) {
    const why = 'resource rules must supply at least one api group'
    errors.push(required(`${path}.apiGroups`, why))
  }
  if (lacks('resources')) {
    errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
  }
  return errors
}

/** What is wrong with the role and the subjects that a RoleBinding names. */
export function validateRoleBinding(binding: JsonObject): FieldError[] {
  return [...validateRoleRef(binding, ['Role', 'ClusterRole']), ...validateSubjects(binding, true)]
}

/** What is wrong with the role and the subjects that a ClusterRoleBinding names. */
export function validateClusterRoleBinding(binding: JsonObject): FieldError[] {
  return [...validateRoleRef(binding, ['ClusterRole']), ...validateSubjects(binding, false)]
}

function validateRoleRef(binding: JsonObject, kinds: readonly string[]): FieldError[] {
  const ref = objectAt(binding, 'roleRef')
  const [group, kind] = [stringAt(ref, 'apiGroup'), stringAt(ref, 'kind')]
  const errors: FieldError[] = []
  // Where there is none, the default stands.
  if (group !== '' && group !== RBAC_GROUP) {
    errors.push(notSupported('roleRef.apiGroup', group, [RBAC_GROUP]))
  }
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds))
  if (stringAt(ref, 'name') === '') errors.push(required('roleRef.name'))
  return errors
}

/** Who a role is bound to; only a RoleBinding knows a namespace for ServiceAccounts itself. */
function validateSubjects(binding: JsonObject, isNamespaced: boolean): FieldError[] {
  return objectsAt(binding, 'subjects').flatMap((subject, index) => {
    const path = `subjects[${index}]`
    const [kind, name] = [stringAt(subject, 'kind'), stringAt(subject, 'name')]
    const group = stringAt(subject, 'apiGroup')
    const errors = name === '' ? [required(`${path}.name`)] : []
    if (kind === 'ServiceAccount') {
      const details = name === '' ? [] : dnsSubdomain(name)
      errors.push(...details.map((detail) => invalidValue(`${path}.name`, name, detail)))
      if (group !== '') errors.push(notSupported(`${path}.apiGroup`, group, ['']))
      if (!isNamespaced && stringAt(subject, 'namespace') === '') {
        errors.push(required(`${path}.namespace`))
      }
    } else if (!SUBJECT_KINDS.includes(kind)) {
      errors.push(notSupported(`${path}.kind`, kind, SUBJECT_KINDS))
    } else if (group !== '' && group !== RBAC_GROUP) {
      errors.push(notSupported(`${path}.apiGroup`, group, [RBAC_GROUP]))
    }
    return errors
  })
}

/** A binding names one role for good. */
export function validateRoleRefUpdate(binding: JsonObject, old: KubeObject): FieldError[] {
  const ref = objectAt(binding, 'roleRef')
  if (jsonEqual(ref, objectAt(asJson(old), 'roleRef'))) return []
  const {apiGroup: APIGroup, kind: Kind, name: Name} = ref
  return [invalidValue('roleRef', {APIGroup, Kind, Name}, 'cannot change roleRef')]
}
