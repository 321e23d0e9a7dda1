import {
  isJsonObject,
  numberAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {validateIp} from '../../../apiserver/validation/addresses.ts'
import {validateContainer} from './container.ts'
import {
  duplicate,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from '../../../apiserver/validation/field-error.ts'
import {dnsLabel, dnsSubdomain} from '../../../apiserver/validation/names.ts'
import {validateLabels} from '../../../apiserver/validation/object-meta.ts'
import {validateSpread, validateTolerations} from './pod-placement.ts'
import {validatePodSecurity} from './security-context.ts'
import {validateVolumes} from './volume.ts'

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never']
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

/** What is wrong with a pod spec at `path`. Counterpart of upstream's ValidatePodSpec. */
export function validatePodSpec(spec: JsonObject, path: string): FieldError[] {
  const volumes = validateVolumes(spec, `${path}.volumes`)
  const errors = [...volumes.errors]
  const containers = objectsAt(spec, 'containers')
  if (containers.length === 0) errors.push(required(`${path}.containers`))
  const names = new Set<string>()
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    objectsAt(spec, list).forEach((container, index) => {
      const at = `${path}.${list}[${index}]`
      errors.push(
        ...validateContainer(container, at, {
          volumes: volumes.names,
          isInit: list === 'initContainers',
        }),
      )
      const name = stringAt(container, 'name')
      if (name !== '' && names.has(name)) errors.push(duplicate(`${at}.name`, name))
      names.add(name)
    })
  }
  return [
    ...errors,
    ...validatePolicies(spec, path),
    ...validatePodSecurity(spec, path),
    ...validateSpread(
      objectsAt(spec, 'topologySpreadConstraints'),
      `${path}.topologySpreadConstraints`,
    ),
    ...validateNames(spec, path),
    ...validateTolerations(objectsAt(spec, 'tolerations'), `${path}.tolerations`),
    ...validateHostAliases(spec, `${path}.hostAliases`),
  ]
}

function validatePolicies(spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const restart = stringAt(spec, 'restartPolicy')
  if (restart === '') errors.push(required(`${path}.restartPolicy`))
  else if (!RESTART_POLICIES.includes(restart)) {
    errors.push(notSupported(`${path}.restartPolicy`, restart, RESTART_POLICIES))
  }
  const dns = stringAt(spec, 'dnsPolicy')
  if (dns === '') errors.push(required(`${path}.dnsPolicy`))
  else if (!DNS_POLICIES.includes(dns)) {
    errors.push(notSupported(`${path}.dnsPolicy`, dns, DNS_POLICIES))
  }
  const grace = numberAt(spec, 'terminationGracePeriodSeconds')
  if (grace === undefined) errors.push(required(`${path}.terminationGracePeriodSeconds`))
  else if (grace < 0) {
    const detail = 'must be greater than or equal to 0'
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, detail))
  }
  const deadline = numberAt(spec, 'activeDeadlineSeconds')
  if (deadline !== undefined && (deadline < 1 || deadline > 2_147_483_647)) {
    const detail = 'must be between 1 and 2147483647, inclusive'
    errors.push(invalidValue(`${path}.activeDeadlineSeconds`, deadline, detail))
  }
  errors.push(...validateLabels(spec['nodeSelector'], `${path}.nodeSelector`))
  return errors
}

function validateNames(spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const check = (field: string, rule: (name: string) => string[]): void => {
    const value = stringAt(spec, field)
    if (value === '') return
    for (const detail of rule(value)) errors.push(invalidValue(`${path}.${field}`, value, detail))
  }
  check('serviceAccountName', dnsSubdomain)
  check('nodeName', dnsSubdomain)
  check('hostname', dnsLabel)
  check('subdomain', dnsLabel)
  check('priorityClassName', dnsSubdomain)
  objectsAt(spec, 'imagePullSecrets').forEach((secret, index) => {
    if (isJsonObject(secret) && stringAt(secret, 'name') === '') {
      errors.push(required(`${path}.imagePullSecrets[${index}].name`))
    }
  })
  return errors
}

function validateHostAliases(spec: JsonObject, path: string): FieldError[] {
  return objectsAt(spec, 'hostAliases').flatMap((alias, index) => [
    ...validateIp(stringAt(alias, 'ip'), `${path}[${index}].ip`),
    ...stringsAt(alias, 'hostnames').flatMap((name, place) =>
      dnsSubdomain(name).map((detail) =>
        invalidValue(`${path}[${index}].hostnames[${place}]`, name, detail),
      ),
    ),
  ])
}
