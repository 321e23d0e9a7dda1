/** The PodSpec of a revision. Counterpart of `ValidatePodSpec` in `k8s_validation.go`. */
import {quote} from '../../util/strconv.ts'
import type {Container, ContainerPort} from '../core/v1.ts'
import {
  disallowedFields,
  fieldError,
  type FieldErrors,
  invalidValue,
  missingField,
  NO_FIELD_ERRORS,
} from '../field-error.ts'
import {dns1123SubdomainProblems} from '../name-rules.ts'
import type {AdmissionContext} from './admission-context.ts'
import {validateContainer} from './container-validation.ts'
import {checkFields, featureMasks, PROBE_FIELDS} from './field-masks.ts'
import {validateProbe, validateReadinessProbe} from './probe-validation.ts'
import {validatePodSecurityContext, warnInsecureDefaults} from './security-validation.ts'
import type {RevisionSpec} from './v1.ts'
import {validateVolumes, type Volume} from './volume-validation.ts'

/** Judges everything in a RevisionSpec that is the pod's. */
export function validatePodSpec(spec: RevisionSpec, context: AdmissionContext): FieldErrors {
  const {features} = context.configs
  const containers = spec.containers ?? []
  const initContainers = spec.initContainers ?? []
  const volumes: readonly Volume[] = spec.volumes ?? []
  const byName = new Map(volumes.map((volume) => [volume.name ?? '', volume]))
  const account = spec.serviceAccountName ?? ''
  return checkPodFields(spec, context).also(
    validatePodSecurityContext(spec.securityContext, features).viaField('securityContext'),
    ...warnings(spec, 'containers', containers),
    ...warnings(spec, 'initContainers', initContainers),
    validateVolumes(volumes, mountedVolumes([...initContainers, ...containers]), features).viaField(
      'volumes',
    ),
    validateInitContainers(spec, byName, context),
    validateContainers(containers, byName, context),
    account === ''
      ? NO_FIELD_ERRORS
      : NO_FIELD_ERRORS.also(
          ...dns1123SubdomainProblems(account).map((problem) =>
            invalidValue(account, 'serviceAccountName', problem),
          ),
        ),
  )
}

function checkPodFields(spec: RevisionSpec, context: AdmissionContext): FieldErrors {
  const errors = checkFields(spec, featureMasks(context.configs.features).podSpec)
  // The token may be turned off, not on.
  if (spec['automountServiceAccountToken'] !== true) return errors
  return errors.also(disallowedFields('automountServiceAccountToken'))
}

function warnings(
  spec: RevisionSpec,
  field: string,
  containers: readonly Container[],
): FieldErrors[] {
  return containers.map((container, index) =>
    warnInsecureDefaults(spec.securityContext, container.securityContext)
      .viaField('securityContext')
      .viaFieldIndex(field, index),
  )
}

function mountedVolumes(containers: readonly Container[]): ReadonlySet<string> {
  return new Set(
    containers.flatMap((container) => (container.volumeMounts ?? []).map((mount) => mount.name)),
  )
}

function validateInitContainers(
  spec: RevisionSpec,
  volumes: ReadonlyMap<string, Volume>,
  context: AdmissionContext,
): FieldErrors {
  const initContainers = spec.initContainers ?? []
  if (initContainers.length === 0) return NO_FIELD_ERRORS
  if (context.configs.features.podSpecInitContainers !== 'Enabled') {
    return fieldError(
      `pod spec support for init-containers is off, but found ${initContainers.length} init containers`,
      [],
    )
  }
  const names = new Set((spec.containers ?? []).map((container) => container.name))
  let errors = NO_FIELD_ERRORS
  for (const [index, container] of initContainers.entries()) {
    if (names.has(container.name)) errors = duplicate(errors, container, index)
    const unfit = (['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const)
      .filter((field) => container[field] !== undefined)
      .map((field) => fieldError('field not allowed in an init container', [field]))
    errors = errors.also(
      NO_FIELD_ERRORS.also(
        ...unfit,
        validateContainer(container, volumes, 'init', context),
      ).viaFieldIndex('containers', index),
    )
  }
  return errors
}

/** Upstream puts the index before everything that was found so far; paths show it. */
function duplicate(errors: FieldErrors, container: Container, index: number): FieldErrors {
  return errors
    .also(fieldError(`duplicate container name ${quote(container.name ?? '')}`, ['name']))
    .viaFieldIndex('containers', index)
}

function validateContainers(
  containers: readonly Container[],
  volumes: ReadonlyMap<string, Volume>,
  context: AdmissionContext,
): FieldErrors {
  const {port, errors} = servingPort(containers)
  const ports = errors.viaField('containers[*]')
  const [only] = containers
  if (only === undefined) return ports.also(missingField('containers'))
  if (containers.length === 1) {
    return ports.also(validateServing(only, volumes, port, context).viaFieldIndex('containers', 0))
  }
  return ports.also(validateSeveral(containers, volumes, port, context))
}

function validateSeveral(
  containers: readonly Container[],
  volumes: ReadonlyMap<string, Volume>,
  port: ContainerPort,
  context: AdmissionContext,
): FieldErrors {
  if (context.configs.features.multiContainer !== 'Enabled') {
    return fieldError(`multi-container is off, but found ${containers.length} containers`, [])
  }
  const names = new Set<string | undefined>()
  let errors = NO_FIELD_ERRORS
  for (const [index, container] of containers.entries()) {
    if (names.has(container.name)) errors = duplicate(errors, container, index)
    else names.add(container.name)
    const found =
      (container.ports ?? []).length === 0
        ? validateSidecar(container, volumes, context)
        : validateServing(container, volumes, port, context)
    errors = errors.also(found.viaFieldIndex('containers', index))
  }
  return errors
}

function validateServing(
  container: Container,
  volumes: ReadonlyMap<string, Volume>,
  port: ContainerPort,
  context: AdmissionContext,
): FieldErrors {
  return validateProbe(container.livenessProbe, port)
    .viaField('livenessProbe')
    .also(
      validateReadinessProbe(container.readinessProbe, port).viaField('readinessProbe'),
      validateContainer(container, volumes, 'serving', context),
    )
}

function validateSidecar(
  container: Container,
  volumes: ReadonlyMap<string, Volume>,
  context: AdmissionContext,
): FieldErrors {
  const probes = (['livenessProbe', 'readinessProbe'] as const).map((field) =>
    forbidProbe(container[field]).viaField(field),
  )
  return NO_FIELD_ERRORS.also(...probes, validateContainer(container, volumes, 'sidecar', context))
}

/** Nothing probes a container that does not serve: every field of a probe is one too many. */
function forbidProbe(probe: object | undefined): FieldErrors {
  if (probe === undefined) return NO_FIELD_ERRORS
  const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'].filter((field) => field in probe)
  const others = [...PROBE_FIELDS].filter(
    (field) => field in probe && !handlers.includes(field) && !isZeroField(probe, field),
  )
  // The handler is embedded upstream, and an embedded struct has no name of its own.
  const fields = [...(handlers.length > 0 ? [''] : []), ...others]
  return fields.length === 0 ? NO_FIELD_ERRORS : disallowedFields(...fields)
}

function isZeroField(probe: object, field: string): boolean {
  return Reflect.get(probe, field) === 0
}

/** The one port that serves, with its defaults. */
function servingPort(containers: readonly Container[]): {port: ContainerPort; errors: FieldErrors} {
  const ports = containers.flatMap((container) => container.ports ?? [])
  const last = containers.findLast((container) => (container.ports ?? []).length > 0)?.ports?.[0]
  const port: ContainerPort = {
    name: last?.name !== undefined && last.name !== '' ? last.name : 'http',
    containerPort: last === undefined || last.containerPort === 0 ? 8080 : last.containerPort,
  }
  if (ports.length > 1) {
    const details = 'Only a single port is allowed across all containers'
    return {port, errors: fieldError('more than one container port is set', ['ports'], details)}
  }
  const isMissing = ports.length === 0 && containers.length > 1
  return {port, errors: isMissing ? missingField('ports') : NO_FIELD_ERRORS}
}
