import {parseQuantity} from '../../../../util/quantity.ts'
import {
  isJsonObject,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {
  duplicate,
  invalidValue,
  notSupported,
  required,
  valueNotFound,
  type FieldError,
} from '../../../apiserver/validation/field-error.ts'
import {validateDescendingPath} from './local-path.ts'
import {configKey, dnsLabel, portName, portNumber} from '../../../apiserver/validation/names.ts'
import {validateHandler, validateProbe} from './probe.ts'
import {validateContainerSecurity} from './security-context.ts'

const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never']
const MESSAGE_POLICIES = ['FallbackToLogsOnError', 'File']

/** What is around a container. */
export interface ContainerSurroundings {
  readonly volumes: ReadonlySet<string>
  readonly isInit: boolean
}

/** What is wrong with a container at `path`, in the order upstream finds it. */
export function validateContainer(
  container: JsonObject,
  path: string,
  {volumes, isInit}: ContainerSurroundings,
): FieldError[] {
  const errors: FieldError[] = []
  const name = stringAt(container, 'name')
  if (name === '') errors.push(required(`${path}.name`))
  else for (const detail of dnsLabel(name)) errors.push(invalidValue(`${path}.name`, name, detail))
  const image = stringAt(container, 'image')
  if (image === '') errors.push(required(`${path}.image`))
  else if (image !== image.trim()) {
    errors.push(
      invalidValue(`${path}.image`, image, 'must not have leading or trailing whitespace'),
    )
  }
  errors.push(...validatePorts(container, path), ...validateEnv(container, path))
  errors.push(...validateMounts(container, path, volumes))
  const pullPolicy = stringAt(container, 'imagePullPolicy')
  if (!PULL_POLICIES.includes(pullPolicy)) {
    errors.push(
      pullPolicy === ''
        ? required(`${path}.imagePullPolicy`)
        : notSupported(`${path}.imagePullPolicy`, pullPolicy, PULL_POLICIES),
    )
  }
  const messagePolicy = stringAt(container, 'terminationMessagePolicy')
  if (!MESSAGE_POLICIES.includes(messagePolicy)) {
    errors.push(notSupported(`${path}.terminationMessagePolicy`, messagePolicy, MESSAGE_POLICIES))
  }
  errors.push(...validateResources(objectAt(container, 'resources'), `${path}.resources`))
  errors.push(...validateContainerSecurity(container, path))
  const isSidecar = isInit && container['restartPolicy'] === 'Always'
  if (!isInit || isSidecar) errors.push(...validateLifetime(container, path))
  return errors
}

function validatePorts(container: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  objectsAt(container, 'ports').forEach((port, index) => {
    const at = `${path}.ports[${index}]`
    const name = stringAt(port, 'name')
    if (name !== '') {
      for (const detail of portName(name)) errors.push(invalidValue(`${at}.name`, name, detail))
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
      names.add(name)
    }
    const number = numberAt(port, 'containerPort') ?? 0
    if (number === 0) errors.push(required(`${at}.containerPort`))
    else {
      for (const detail of portNumber(number)) {
        errors.push(invalidValue(`${at}.containerPort`, number, detail))
      }
    }
    const hostPort = numberAt(port, 'hostPort')
    if (hostPort !== undefined && hostPort !== 0) {
      for (const detail of portNumber(hostPort)) {
        errors.push(invalidValue(`${at}.hostPort`, hostPort, detail))
      }
    }
    const protocol = stringAt(port, 'protocol')
    if (protocol === '') errors.push(required(`${at}.protocol`))
    else if (!PROTOCOLS.includes(protocol)) {
      errors.push(notSupported(`${at}.protocol`, protocol, PROTOCOLS))
    }
  })
  return errors
}

const ENV_NAME_DETAIL =
  "a valid environment variable name must consist only of printable ASCII characters other than '='"

function validateEnv(container: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  objectsAt(container, 'env').forEach((variable, index) => {
    const at = `${path}.env[${index}]`
    const name = stringAt(variable, 'name')
    if (name === '') errors.push(required(`${at}.name`))
    else if (!/^[ -<>-~]+$/.test(name)) {
      errors.push(invalidValue(`${at}.name`, name, ENV_NAME_DETAIL))
    }
    errors.push(...validateValueFrom(variable, `${at}.valueFrom`))
  })
  return errors
}

function validateValueFrom(variable: JsonObject, path: string): FieldError[] {
  const from = variable['valueFrom']
  if (!isJsonObject(from)) return []
  const errors: FieldError[] = []
  const sources = Object.keys(from)
  if (sources.length === 0) {
    const detail =
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'
    errors.push(invalidValue(path, '', detail))
  }
  if (stringAt(variable, 'value') !== '' && sources.length > 0) {
    errors.push(invalidValue(path, '', 'may not be specified when `value` is not empty'))
  }
  if (sources.length > 1) {
    errors.push(invalidValue(path, '', 'may not have more than one field specified at a time'))
  }
  for (const source of ['configMapKeyRef', 'secretKeyRef']) {
    const reference = from[source]
    if (!isJsonObject(reference)) continue
    if (stringAt(reference, 'name') === '') errors.push(required(`${path}.${source}.name`))
    const key = stringAt(reference, 'key')
    if (key === '') errors.push(required(`${path}.${source}.key`))
    else {
      for (const detail of configKey(key)) {
        errors.push(invalidValue(`${path}.${source}.key`, key, detail))
      }
    }
  }
  return errors
}

function validateMounts(
  container: JsonObject,
  path: string,
  volumes: ReadonlySet<string>,
): FieldError[] {
  const errors: FieldError[] = []
  const mountPaths = new Set<string>()
  objectsAt(container, 'volumeMounts').forEach((mount, index) => {
    const at = `${path}.volumeMounts[${index}]`
    const name = stringAt(mount, 'name')
    if (name === '') errors.push(required(`${at}.name`))
    else if (!volumes.has(name)) errors.push(valueNotFound(`${at}.name`, name))
    const mountPath = stringAt(mount, 'mountPath')
    if (mountPath === '') errors.push(required(`${at}.mountPath`))
    else if (mountPaths.has(mountPath)) {
      errors.push(invalidValue(`${at}.mountPath`, mountPath, 'must be unique'))
    }
    mountPaths.add(mountPath)
    errors.push(...validateSubPaths(mount, `${path}.volumeMounts`, at))
  })
  return errors
}

/** Upstream names the list and no index for a path that leads out of its volume. */
function validateSubPaths(mount: JsonObject, list: string, at: string): FieldError[] {
  const subPath = stringAt(mount, 'subPath')
  const expression = stringAt(mount, 'subPathExpr')
  const both = 'subPathExpr and subPath are mutually exclusive'
  return [
    ...validateDescendingPath(subPath, `${list}.subPath`),
    ...(subPath !== '' && expression !== ''
      ? [invalidValue(`${at}.subPathExpr`, expression, both)]
      : []),
    ...validateDescendingPath(expression, `${list}.subPathExpr`),
  ]
}

function validateResources(resources: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const limits = objectAt(resources, 'limits')
  const requests = objectAt(resources, 'requests')
  for (const [name, amount] of Object.entries(limits)) {
    errors.push(...notNegative(amount, `${path}.limits[${name}]`))
  }
  for (const [name, amount] of Object.entries(requests)) {
    errors.push(...notNegative(amount, `${path}.requests[${name}]`))
    const limit = limits[name]
    if (typeof limit !== 'string' || typeof amount !== 'string') continue
    if (parseQuantity(amount).nano > parseQuantity(limit).nano) {
      const detail = `must be less than or equal to ${name} limit of ${limit}`
      errors.push(invalidValue(`${path}.requests`, amount, detail))
    }
  }
  return errors
}

function notNegative(amount: unknown, path: string): FieldError[] {
  return typeof amount === 'string' && parseQuantity(amount).nano < 0n
    ? [invalidValue(path, amount, 'must be greater than or equal to 0')]
    : []
}

function validateLifetime(container: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const lifecycle = objectAt(container, 'lifecycle')
  for (const hook of ['postStart', 'preStop']) {
    const handler = lifecycle[hook]
    if (isJsonObject(handler)) {
      errors.push(...validateHandler(handler, `${path}.lifecycle.${hook}`))
    }
  }
  for (const field of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[field]
    if (isJsonObject(probe)) errors.push(...validateProbe(probe, `${path}.${field}`, field))
  }
  return errors
}
