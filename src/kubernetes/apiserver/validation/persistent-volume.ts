import {parseQuantity} from '../../../util/quantity.ts'
import {isJsonObject, objectAt, stringAt, stringsAt, type JsonObject} from '../json-value.ts'
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
