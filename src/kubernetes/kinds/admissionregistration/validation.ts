import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import {
  duplicate,
  invalidValue,
  notSupported,
  oneOf,
  required,
  type FieldError,
} from '../../apiserver/validation/field-error.ts'
import {validateLabelSelector} from '../../apiserver/validation/label-selector.ts'
import {dns1035Label, fullyQualifiedName} from '../../apiserver/validation/names.ts'
import {validateWebhookClient} from './webhook-client.ts'

const FAILURE_POLICIES = ['Fail', 'Ignore']
const MATCH_POLICIES = ['Equivalent', 'Exact']
const SIDE_EFFECTS = ['None', 'NoneOnDryRun']
const REINVOCATION_POLICIES = ['IfNeeded', 'Never']
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const SCOPES = ['*', 'Cluster', 'Namespaced']
const REVIEW_VERSIONS = ['v1', 'v1beta1']

/**
 * What is wrong with a MutatingWebhookConfiguration or ValidatingWebhookConfiguration.
 *
 * Counterpart of `pkg/apis/admissionregistration/validation`.
 */
export function validateWebhookConfiguration(object: JsonObject): FieldError[] {
  const names = new Set<string>()
  return objectsAt(object, 'webhooks').flatMap((webhook, index) => {
    const path = `webhooks[${index}]`
    const errors = [
      ...validateWebhook(webhook, path),
      ...validateReviewVersions(webhook, `${path}.admissionReviewVersions`),
    ]
    const name = stringAt(webhook, 'name')
    if (name !== '' && names.has(name)) errors.push(duplicate(`${path}.name`, name))
    names.add(name)
    return errors
  })
}

function validateWebhook(webhook: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const name = stringAt(webhook, 'name')
  const problem = name === '' ? undefined : fullyQualifiedName(name)
  if (name === '') errors.push(required(`${path}.name`))
  else if (problem !== undefined) errors.push(invalidValue(`${path}.name`, name, problem))
  objectsAt(webhook, 'rules').forEach((rule, index) => {
    errors.push(...validateRule(rule, `${path}.rules[${index}]`))
  })
  const check = (field: string, supported: readonly string[]): void => {
    errors.push(...oneOf(`${path}.${field}`, webhook[field], supported))
  }
  check('failurePolicy', FAILURE_POLICIES)
  check('matchPolicy', MATCH_POLICIES)
  if (webhook['sideEffects'] === undefined) {
    errors.push(required(`${path}.sideEffects`, `must specify one of ${SIDE_EFFECTS.join(', ')}`))
  }
  check('sideEffects', SIDE_EFFECTS)
  const timeout = numberAt(webhook, 'timeoutSeconds')
  if (timeout !== undefined && (timeout < 1 || timeout > 30)) {
    const detail = 'the timeout value must be between 1 and 30 seconds'
    errors.push(invalidValue(`${path}.timeoutSeconds`, timeout, detail))
  }
  for (const field of ['namespaceSelector', 'objectSelector']) {
    errors.push(...validateLabelSelector(webhook[field], `${path}.${field}`))
  }
  check('reinvocationPolicy', REINVOCATION_POLICIES)
  errors.push(...validateWebhookClient(objectAt(webhook, 'clientConfig'), `${path}.clientConfig`))
  return errors
}

function validateRule(rule: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const operations = stringsAt(rule, 'operations')
  if (operations.length === 0) errors.push(required(`${path}.operations`))
  errors.push(...aloneIfAll(operations, `${path}.operations`, 'operations'))
  operations.forEach((operation, index) => {
    if (!OPERATIONS.includes(operation)) {
      errors.push(notSupported(`${path}.operations[${index}]`, operation, OPERATIONS))
    }
  })
  const groups = stringsAt(rule, 'apiGroups')
  if (groups.length === 0) errors.push(required(`${path}.apiGroups`))
  errors.push(...aloneIfAll(groups, `${path}.apiGroups`, 'API groups'))
  const versions = stringsAt(rule, 'apiVersions')
  if (versions.length === 0) errors.push(required(`${path}.apiVersions`))
  errors.push(...aloneIfAll(versions, `${path}.apiVersions`, 'API versions'))
  versions.forEach((version, index) => {
    if (version === '') errors.push(required(`${path}.apiVersions[${index}]`))
  })
  errors.push(...validateResources(stringsAt(rule, 'resources'), `${path}.resources`))
  errors.push(...oneOf(`${path}.scope`, rule['scope'], SCOPES))
  return errors
}

function aloneIfAll(values: readonly string[], path: string, what: string): FieldError[] {
  return values.length > 1 && values.includes('*')
    ? [invalidValue(path, values, `if '*' is present, must not specify other ${what}`)]
    : []
}

function validateResources(resources: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = []
  if (resources.length === 0) errors.push(required(path))
  const withAllParts = new Set<string>()
  const partsOfAll = new Set<string>()
  let lastPlainIsNamed = false
  resources.forEach((resource, index) => {
    const at = `${path}[${index}]`
    if (resource === '') {
      errors.push(required(at))
      return
    }
    const slash = resource.indexOf('/')
    if (slash < 0) {
      lastPlainIsNamed = resource !== '*'
      return
    }
    const [whole, part] = [resource.slice(0, slash), resource.slice(slash + 1)]
    if (withAllParts.has(whole)) {
      const detail = `if '${whole}/*' is present, must not specify ${resource}`
      errors.push(invalidValue(at, resource, detail))
    }
    if (partsOfAll.has(part)) {
      const detail = `if '*/${part}' is present, must not specify ${resource}`
      errors.push(invalidValue(at, resource, detail))
    }
    if (part === '*') withAllParts.add(whole)
    if (whole === '*') partsOfAll.add(part)
  })
  if (resources.length > 1 && resources.includes('*/*')) {
    const detail = "if '*/*' is present, must not specify other resources"
    errors.push(invalidValue(path, resources, detail))
  }
  if (resources.includes('*') && lastPlainIsNamed) {
    const detail = "if '*' is present, must not specify other resources without subresources"
    errors.push(invalidValue(path, resources, detail))
  }
  return errors
}

function validateReviewVersions(webhook: JsonObject, path: string): FieldError[] {
  const versions = stringsAt(webhook, 'admissionReviewVersions')
  const known = REVIEW_VERSIONS.join(', ')
  if (versions.length === 0) return [required(path, `must specify one of ${known}`)]
  const errors: FieldError[] = []
  versions.forEach((version, index) => {
    const at = `${path}[${index}]`
    if (versions.indexOf(version) < index) {
      errors.push(invalidValue(at, version, 'duplicate version'))
      return
    }
    for (const detail of dns1035Label(version)) errors.push(invalidValue(at, version, detail))
  })
  if (!versions.some((version) => REVIEW_VERSIONS.includes(version))) {
    errors.push(invalidValue(path, versions, `must include at least one of ${known}`))
  }
  return errors
}
