import {objectAt, stringAt, stringsAt, type JsonObject} from '../../../apiserver/json-value.ts'
import {validateIp} from '../../../apiserver/validation/addresses.ts'
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  oneOf,
  type FieldError,
} from '../../../apiserver/validation/field-error.ts'
import {NOT_A_RANGE, parseIpRange} from './ip-range.ts'

const FAMILIES = ['IPv4', 'IPv6']
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack']
const RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges'

/** What is wrong with the addresses of a Service and with their families. */
export function validateAddresses(spec: JsonObject, type: string): FieldError[] {
  const errors = type === 'ExternalName' ? [] : [...validateFamilies(spec), ...ownAddresses(spec)]
  stringsAt(spec, 'externalIPs').forEach((ip, index) => {
    errors.push(...validateIp(ip, `spec.externalIPs[${index}]`))
  })
  return errors
}

function ownAddresses(spec: JsonObject): FieldError[] {
  return stringsAt(spec, 'clusterIPs').flatMap((ip, index) =>
    ip === 'None' ? [] : validateIp(ip, `spec.clusterIPs[${index}]`),
  )
}

function validateFamilies(spec: JsonObject): FieldError[] {
  const families = stringsAt(spec, 'ipFamilies')
  const errors = families.flatMap((family, index) => {
    const path = `spec.ipFamilies[${index}]`
    return [
      ...(FAMILIES.includes(family) ? [] : [notSupported(path, family, FAMILIES)]),
      ...(families.indexOf(family) < index ? [duplicate(path, family)] : []),
    ]
  })
  return [...errors, ...oneOf('spec.ipFamilyPolicy', spec['ipFamilyPolicy'], FAMILY_POLICIES)]
}

/** A Service that is only a name has no addresses. */
export function validateNoAddresses(spec: JsonObject): FieldError[] {
  return ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy']
    .filter((field) => stringAt(spec, field) !== '' || stringsAt(spec, field).length > 0)
    .map((field) => forbidden(`spec.${field}`, 'may not be set for ExternalName services'))
}

/**
 * What a Service with addresses asks of this cluster, which has IPv4 only, that it does not have.
 * Nobody gives addresses to a headless Service without a selector.
 */
export function validateStack(spec: JsonObject): FieldError[] {
  const hasSelector = Object.keys(objectAt(spec, 'selector')).length > 0
  if (stringAt(spec, 'clusterIP') === 'None' && !hasSelector) return []
  const errors: FieldError[] = []
  const policy = stringAt(spec, 'ipFamilyPolicy')
  if (policy === 'RequireDualStack') {
    const detail = 'this cluster is not configured for dual-stack services'
    errors.push(invalidValue('spec.ipFamilyPolicy', policy, detail))
  }
  stringsAt(spec, 'ipFamilies').forEach((family, index) => {
    if (family === 'IPv4') return
    const detail = 'not configured on this cluster'
    errors.push(invalidValue(`spec.ipFamilies[${index}]`, family, detail))
  })
  return errors
}

/** What is wrong with whom a load balancer lets through, in the field or else the annotation. */
export function validateSourceRanges(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const annotation = objectAt(objectAt(object, 'metadata'), 'annotations')[RANGES_ANNOTATION]
  const ranges = stringsAt(spec, 'loadBalancerSourceRanges')
  // Upstream writes the field like this.
  const field = 'spec.LoadBalancerSourceRanges'
  if (ranges.length > 0) {
    return [
      ...onlyBalanced(spec, field),
      ...ranges.flatMap((range, index) => validateRange(range.trim(), `${field}[${index}]`)),
    ]
  }
  if (typeof annotation !== 'string') return []
  const path = `metadata.annotations[${RANGES_ANNOTATION}]`
  const listed = annotation.trim() === '' ? [] : annotation.split(',')
  return [
    ...onlyBalanced(spec, path),
    ...listed.flatMap((range) => validateRange(range.trim(), path)),
  ]
}

function validateRange(range: string, path: string): FieldError[] {
  return parseIpRange(range) === undefined ? [invalidValue(path, range, NOT_A_RANGE)] : []
}

/** Refuses what only a load balancer can do, for Services of other types. */
export function onlyBalanced(spec: JsonObject, path: string): FieldError[] {
  return stringAt(spec, 'type') === 'LoadBalancer'
    ? []
    : [forbidden(path, "may only be used when `type` is 'LoadBalancer'")]
}
