/** One container of a revision. Counterpart of the containers in `k8s_validation.go`. */
import {posix} from 'node:path'
import {quote} from '../../util/strconv.ts'
import type {Container, ContainerPort, EnvVar} from '../core/v1.ts'
import {
  fieldError,
  type FieldErrors,
  invalidValue,
  missingField,
  missingOneOf,
  multipleOneOf,
  NO_FIELD_ERRORS,
  outOfBounds,
} from '../field-error.ts'
import {
  AUTOSCALING_METRICS_PORT,
  BACKEND_HTTP2_PORT,
  BACKEND_HTTP_PORT,
  PROFILING_PORT,
  QUEUE_ADMIN_PORT,
  USER_METRICS_PORT,
} from '../networking/ports.ts'
import type {AdmissionContext} from './admission-context.ts'
import {
  checkFields,
  CONTAINER_FIELDS,
  CONTAINER_PORT_FIELDS,
  featureMasks,
  RESOURCE_FIELDS,
  VOLUME_MOUNT_FIELDS,
} from './field-masks.ts'
import {isImageReference} from './image-reference.ts'
import {validateSecurityContext} from './security-validation.ts'
import type {Volume} from './volume-validation.ts'

/** What a container is for: only the one that serves gets PORT from the queue-proxy. */
export type ContainerRole = 'serving' | 'sidecar' | 'init'

const RESERVED_PATHS = new Set(['/', '/dev', '/dev/log'])
const RESERVED_NAMES = new Set(['queue-proxy'])
const RESERVED_SIDECAR_VARIABLES = new Set(['K_SERVICE', 'K_CONFIGURATION', 'K_REVISION'])
const RESERVED_VARIABLES = new Set(['PORT', ...RESERVED_SIDECAR_VARIABLES])
const RESERVED_PORTS = new Set([
  BACKEND_HTTP_PORT,
  BACKEND_HTTP2_PORT,
  QUEUE_ADMIN_PORT,
  AUTOSCALING_METRICS_PORT,
  USER_METRICS_PORT,
  PROFILING_PORT,
])
const PORT_NAMES = new Set(['h2c', 'http1', ''])
const MESSAGE_POLICIES = new Set(['File', 'FallbackToLogsOnError', ''])

/** Judges what all containers have in common; probes are the caller's. */
export function validateContainer(
  container: Container,
  volumes: ReadonlyMap<string, Volume>,
  role: ContainerRole,
  context: AdmissionContext,
): FieldErrors {
  if (isEmptyContainer(container)) return missingField('')
  const {features} = context.configs
  const name = container.name ?? ''
  const policy = container.terminationMessagePolicy ?? ''
  return checkFields(container, CONTAINER_FIELDS).also(
    RESERVED_NAMES.has(name)
      ? fieldError(`${quote(name)} is a reserved container name`, ['name'])
      : NO_FIELD_ERRORS,
    validateEnv(container.env ?? [], role, context).viaField('env'),
    validateEnvFrom(container.envFrom ?? []).viaField('envFrom'),
    validateImage(container.image ?? ''),
    validatePorts(container.ports ?? [], role).viaField('ports'),
    checkFields(container.resources ?? {}, RESOURCE_FIELDS).viaField('resources'),
    validateSecurityContext(container.securityContext, features).viaField('securityContext'),
    MESSAGE_POLICIES.has(policy)
      ? NO_FIELD_ERRORS
      : invalidValue(policy, 'terminationMessagePolicy'),
    validateMounts(container.volumeMounts ?? [], volumes).viaField('volumeMounts'),
  )
}

function isEmptyContainer(container: Container): boolean {
  return Object.entries(container).every(
    ([field, value]) =>
      value === '' || (field === 'resources' && Object.keys(Object(value)).length === 0),
  )
}

function validateEnv(
  variables: readonly EnvVar[],
  role: ContainerRole,
  context: AdmissionContext,
): FieldErrors {
  const reserved = role === 'serving' ? RESERVED_VARIABLES : RESERVED_SIDECAR_VARIABLES
  const sources = featureMasks(context.configs.features).envSource
  let errors = NO_FIELD_ERRORS
  for (const [index, {name, valueFrom}] of variables.entries()) {
    if (name === '') errors = errors.also(missingField('name').viaIndex(index))
    else if (reserved.has(name)) {
      const message = `${quote(name)} is a reserved environment variable`
      errors = errors.also(fieldError(message, ['name']).viaIndex(index))
    }
    if (valueFrom === undefined) continue
    errors = errors.also(checkFields(valueFrom, sources).viaField('valueFrom').viaIndex(index))
  }
  return errors
}

function validateEnvFrom(sources: NonNullable<Container['envFrom']>): FieldErrors {
  let errors = NO_FIELD_ERRORS
  for (const [index, {configMapRef, secretRef}] of sources.entries()) {
    // Upstream puts these before everything that was found so far, also in earlier entries.
    if (secretRef !== undefined) errors = errors.viaIndex(index).viaField('secretRef')
    if (configMapRef !== undefined) errors = errors.viaIndex(index).viaField('configMapRef')
    if (configMapRef !== undefined && secretRef !== undefined) {
      errors = errors.also(multipleOneOf('configMapRef', 'secretRef'))
    } else if (configMapRef === undefined && secretRef === undefined) {
      errors = errors.also(missingOneOf('configMapRef', 'secretRef'))
    }
  }
  return errors
}

function validateImage(image: string): FieldErrors {
  if (image === '') return missingField('image')
  if (isImageReference(image)) return NO_FIELD_ERRORS
  return fieldError(
    'Failed to parse image reference',
    ['image'],
    `image: ${quote(image)}, error: could not parse reference: ${image}`,
  )
}

function validatePorts(ports: readonly ContainerPort[], role: ContainerRole): FieldErrors {
  if (role === 'init') return NO_FIELD_ERRORS.also(...ports.map(validatePort))
  // More than one is refused elsewhere; the first one is the one that would serve.
  const [port] = ports
  if (port === undefined) return NO_FIELD_ERRORS
  const {name = '', protocol = ''} = port
  return validatePort(port).also(
    protocol === '' || protocol === 'TCP' ? NO_FIELD_ERRORS : invalidValue(protocol, 'protocol'),
    PORT_NAMES.has(name)
      ? NO_FIELD_ERRORS
      : fieldError(
          `Port name ${name} is not allowed`,
          [''],
          "Name must be empty, or one of: 'h2c', 'http1'",
        ),
  )
}

function validatePort(port: ContainerPort): FieldErrors {
  const number = port.containerPort
  return checkFields(port, CONTAINER_PORT_FIELDS).also(
    RESERVED_PORTS.has(number)
      ? invalidValue(
          `${number} is a reserved port`,
          'containerPort',
          `${number} is a reserved port, please use a different value`,
        )
      : NO_FIELD_ERRORS,
    number < 0 || number > 65_535
      ? outOfBounds(number, 0, 65_535, 'containerPort')
      : NO_FIELD_ERRORS,
  )
}

function validateMounts(
  mounts: NonNullable<Container['volumeMounts']>,
  volumes: ReadonlyMap<string, Volume>,
): FieldErrors {
  const seen = new Set<string>()
  let errors = NO_FIELD_ERRORS
  for (const [index, mount] of mounts.entries()) {
    const volume = volumes.get(mount.name)
    const path = cleanPath(mount.mountPath)
    errors = errors.also(
      checkFields(mount, VOLUME_MOUNT_FIELDS)
        .also(
          volume === undefined
            ? fieldError('volumeMount has no matching volume', ['name'])
            : NO_FIELD_ERRORS,
          validateMountPath(mount.mountPath, path, seen),
          validateReadOnly(mount.readOnly === true, volume),
        )
        .viaIndex(index),
    )
    seen.add(path)
  }
  return errors
}

/** As Go's `path.Clean`: never with a slash at its end. */
function cleanPath(path: string): string {
  const clean = posix.normalize(path)
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean
}

function validateMountPath(path: string, clean: string, seen: ReadonlySet<string>): FieldErrors {
  if (path === '') return missingField('mountPath')
  if (RESERVED_PATHS.has(clean)) {
    return fieldError(`mountPath ${quote(clean)} is a reserved path`, ['mountPath'])
  }
  if (!path.startsWith('/')) return invalidValue(path, 'mountPath')
  if (seen.has(clean)) return invalidValue(`${quote(path)} must be unique`, 'mountPath')
  return NO_FIELD_ERRORS
}

function validateReadOnly(readOnly: boolean, volume: Volume | undefined): FieldErrors {
  if (readOnly) return NO_FIELD_ERRORS
  if (volume?.persistentVolumeClaim?.readOnly === true) {
    return fieldError('volume is readOnly but volume mount is not', ['readOnly'])
  }
  if (volume?.emptyDir !== undefined || volume?.persistentVolumeClaim !== undefined) {
    return NO_FIELD_ERRORS
  }
  return fieldError('volume mount should be readOnly for this type of volume', ['readOnly'])
}
