import {
  isJsonObject,
  objectAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import {invalidValue, type FieldError} from '../../apiserver/validation/field-error.ts'

/**
 * What is wrong with a question about access, of `kind`, asked in `namespace`.
 *
 * Counterpart of kubernetes `pkg/apis/authorization/validation`.
 */
export function validateAccessReview(
  review: JsonObject,
  kind: string,
  namespace: string | undefined,
): FieldError[] {
  const spec = objectAt(review, 'spec')
  const resource = spec['resourceAttributes']
  const path = spec['nonResourceAttributes']
  const errors: FieldError[] = []
  if (isJsonObject(path) && isJsonObject(resource)) {
    const detail = 'cannot be specified in combination with resourceAttributes'
    errors.push(invalidValue('spec.nonResourceAttributes', path, detail))
  }
  if (!isJsonObject(path) && !isJsonObject(resource)) {
    const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
    errors.push(invalidValue('spec.resourceAttributes', null, detail))
  }
  if (kind === 'SelfSubjectAccessReview') return errors
  if (stringAt(spec, 'user') === '' && stringsAt(spec, 'groups').length === 0) {
    errors.push(invalidValue('spec.user', '', 'at least one of user or group must be specified'))
  }
  if (kind !== 'LocalSubjectAccessReview') return errors
  const asked = isJsonObject(resource) ? stringAt(resource, 'namespace') : undefined
  if (asked !== undefined && asked !== namespace) {
    const where = 'spec.resourceAttributes.namespace'
    errors.push(invalidValue(where, asked, 'must match metadata.namespace'))
  }
  if (isJsonObject(path)) {
    const detail = 'disallowed on this kind of request'
    errors.push(invalidValue('spec.nonResourceAttributes', path, detail))
  }
  return errors
}
