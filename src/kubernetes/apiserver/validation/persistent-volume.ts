import type {KubeObject} from '../../../api/meta/object.ts'
import {parseQuantity} from '../../../util/quantity.ts'
import {
  asJson,
  cloneJson,
  isJsonObject,
  jsonEqual,
  objectAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json-value.ts'
import {
  forbidden,
  invalidValue,
  notSupported,
  oneOf,
  required,
  type FieldError,
} from './field-error.ts'
import {validateLabelSelector} from './label-selector.ts'
import {dnsSubdomain} from './names.ts'

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const VOLUME_MODES = ['Block', 'Filesystem']
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain']

/** The fields of a PersistentVolume that are no kind of volume. */
const COMMON_FIELDS = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
])

/** What is wrong with a PersistentVolumeClaim. Counterpart of `pkg/apis/core/validation`. */
export function validatePersistentVolumeClaim(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const modes = stringsAt(spec, 'accessModes')
  const errors: FieldError[] = []
  if (modes.length === 0) {
    errors.push(required('spec.accessModes', 'at least 1 access mode is required'))
  }
  errors.push(...validateLabelSelector(spec['selector'], 'spec.selector'))
  errors.push(...validateModes(modes))
  const requests = objectAt(objectAt(spec, 'resources'), 'requests')
  errors.push(
    ...(requests['storage'] === undefined
      ? [required('spec.resources[storage]')]
      : notZero(requests['storage'], 'spec.resources[storage]')),
  )
  const className = stringAt(spec, 'storageClassName')
  if (className !== '') {
    for (const detail of dnsSubdomain(className)) {
      errors.push(invalidValue('spec.storageClassName', className, detail))
    }
  }
  return [...errors, ...oneOf('spec.volumeMode', spec['volumeMode'], VOLUME_MODES)]
}

function validateModes(modes: readonly string[]): FieldError[] {
  const errors = modes
    .filter((mode) => !ACCESS_MODES.includes(mode))
    .map((mode) => notSupported('spec.accessModes', mode, ACCESS_MODES))
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod')) {
    const detail = 'may not use ReadWriteOncePod with other access modes'
    errors.push(forbidden('spec.accessModes', detail))
  }
  return errors
}

function notZero(amount: unknown, path: string): FieldError[] {
  return typeof amount === 'string' && parseQuantity(amount).nano <= 0n
    ? [invalidValue(path, amount, 'must be greater than zero')]
    : []
}

/** What is wrong with a PersistentVolume. */
export function validatePersistentVolume(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const modes = stringsAt(spec, 'accessModes')
  const capacity = objectAt(spec, 'capacity')
  const errors: FieldError[] = []
  if (modes.length === 0) errors.push(required('spec.accessModes'))
  errors.push(...validateModes(modes))
  const names = Object.keys(capacity)
  if (names.length === 0) errors.push(required('spec.capacity'))
  if (capacity['storage'] === undefined || names.length > 1) {
    errors.push(notSupported('spec.capacity', spec['capacity'], ['storage']))
  }
  for (const [name, amount] of Object.entries(capacity)) {
    errors.push(...notZero(amount, `spec.capacity[${name}]`))
  }
  const reclaim = spec['persistentVolumeReclaimPolicy']
  errors.push(...oneOf('spec.persistentVolumeReclaimPolicy', reclaim, RECLAIM_POLICIES))
  const sources = Object.keys(spec).filter(
    (name) => !COMMON_FIELDS.has(name) && isJsonObject(spec[name]),
  )
  if (sources.length === 0) errors.push(required('spec', 'must specify a volume type'))
  for (const name of sources.slice(1)) {
    errors.push(forbidden(`spec.${name}`, 'may not specify more than 1 volume type'))
  }
  return [...errors, ...oneOf('spec.volumeMode', spec['volumeMode'], VOLUME_MODES)]
}

/**
 * What may not change in a PersistentVolumeClaim. One that is bound may ask for more, or for less
 * than before as long as it is more than it has.
 *
 * Differs from upstream: the message ends without the difference of the two Go structs.
 */
export function validatePersistentVolumeClaimUpdate(
  object: JsonObject,
  old: KubeObject,
): FieldError[] {
  const spec = objectAt(object, 'spec')
  const before = objectAt(asJson(old), 'spec')
  const fixed = cloneJson(spec)
  const isBound = objectAt(object, 'status')['phase'] === 'Bound'
  if (stringAt(before, 'volumeName') === '') keep(fixed, before, 'volumeName')
  // A default class may come later than the claim.
  if (before['storageClassName'] === undefined) keep(fixed, before, 'storageClassName')
  if (isBound) keep(fixed, before, 'volumeAttributesClassName')
  const [size, sizeBefore] = [storageOf(spec), storageOf(before)]
  const requests = objectAt(objectAt(fixed, 'resources'), 'requests')
  if (isBound || size === sizeBefore) {
    keep(requests, objectAt(objectAt(before, 'resources'), 'requests'), 'storage')
  }
  const errors: FieldError[] = []
  if (!jsonEqual(fixed, before)) {
    const detail =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
    errors.push(forbidden('spec', detail))
  }
  const capacity = objectAt(objectAt(asJson(old), 'status'), 'capacity')['storage']
  if (size < sizeBefore && size <= amountOf(capacity)) {
    const detail = 'field can not be less than status.capacity'
    errors.push(forbidden('spec.resources.requests.storage', detail))
  }
  return errors
}

/** Leaves out of the comparison what may change. */
function keep(object: JsonObject, before: JsonObject, name: string): void {
  if (before[name] === undefined) delete object[name]
  else object[name] = before[name]
}

function storageOf(spec: JsonObject): bigint {
  return amountOf(objectAt(objectAt(spec, 'resources'), 'requests')['storage'])
}

/** Upstream takes an amount that is missing for none. */
function amountOf(amount: unknown): bigint {
  return typeof amount === 'string' ? parseQuantity(amount).nano : 0n
}

/** What may not change in a PersistentVolume: what it is stored on, and in which form. */
export function validatePersistentVolumeUpdate(object: JsonObject, old: KubeObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const before = objectAt(asJson(old), 'spec')
  const errors: FieldError[] = []
  if (!jsonEqual(sourceOf(spec), sourceOf(before))) {
    const detail = 'spec.persistentvolumesource is immutable after creation'
    errors.push(forbidden('spec.persistentvolumesource', detail))
  }
  const {volumeMode} = spec
  if (volumeMode !== before['volumeMode']) {
    errors.push(invalidValue('spec.volumeMode', volumeMode, 'field is immutable'))
  }
  return errors
}

function sourceOf(spec: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !COMMON_FIELDS.has(name)))
}
