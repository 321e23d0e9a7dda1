/** Volumes of a revision. Counterpart of the volumes in `k8s_validation.go`. */
import {parseQuantity} from '../../util/quantity.ts'
import {quote} from '../../util/strconv.ts'
import type {FeaturesConfig} from '../config/features.ts'
import {
  fieldError,
  type FieldErrors,
  invalidValue,
  missingField,
  missingOneOf,
  multipleOneOf,
  NO_FIELD_ERRORS,
} from '../field-error.ts'
import {dns1123LabelProblems} from '../name-rules.ts'
import {checkFields, featureMasks} from './field-masks.ts'

interface Item {
  key?: string
  path?: string
  fieldRef?: unknown
  resourceFieldRef?: unknown
}
interface Projection {
  secret?: {name?: string; items?: Item[]}
  configMap?: {name?: string; items?: Item[]}
  serviceAccountToken?: {path?: string}
  downwardAPI?: {items?: Item[]}
}
/** The sources a volume can have here. */
export interface Volume {
  name?: string
  secret?: {items?: Item[]}
  configMap?: {items?: Item[]}
  projected?: {sources?: Projection[] | null}
  emptyDir?: {medium?: string; sizeLimit?: string}
  persistentVolumeClaim?: {claimName: string; readOnly?: boolean}
}

/** Judges all volumes; `mounted` are the names that containers mount. */
export function validateVolumes(
  volumes: readonly Volume[],
  mounted: ReadonlySet<string>,
  features: FeaturesConfig,
): FieldErrors {
  const seen = new Set<string>()
  let errors = NO_FIELD_ERRORS
  for (const [index, volume] of volumes.entries()) {
    const name = volume.name ?? ''
    if (seen.has(name)) {
      errors = errors.also(
        fieldError(`duplicate volume name ${quote(name)}`, ['name']).viaIndex(index),
      )
    }
    if (!mounted.has(name)) {
      errors = errors.also(
        fieldError(`volume with name ${quote(name)} not mounted`, ['name']).viaIndex(index),
      )
    }
    errors = errors.also(validateVolume(volume, features).viaIndex(index))
    seen.add(name)
  }
  return errors
}

function validateVolume(volume: Volume, features: FeaturesConfig): FieldErrors {
  const name = volume.name ?? ''
  let errors = validateClaim(volume, features)
  if (volume.emptyDir !== undefined && features.podSpecVolumesEmptyDir !== 'Enabled') {
    errors = errors.also(
      fieldError(`EmptyDir volume support is disabled, but found EmptyDir volume ${name}`, []),
    )
  }
  // A bad name hides what was found before it. Upstream bug kept: people compare the texts.
  if (name === '') errors = missingField('name')
  else if (dns1123LabelProblems(name).length > 0) errors = invalidValue(name, 'name')
  errors = errors.also(checkFields(volume, featureMasks(features).volume))
  const sources = sourcesOf(volume)
  errors = errors.also(...sources.map((source) => source.errors))
  if (sources.length > 1) return errors.also(multipleOneOf(...sources.map((source) => source.name)))
  if (sources.length === 1) return errors
  return errors.also(
    missingOneOf(
      'secret',
      'configMap',
      'projected',
      ...(features.podSpecVolumesEmptyDir === 'Enabled' ? ['emptyDir'] : []),
      ...(features.podSpecPersistentVolumeClaim === 'Enabled' ? ['persistentVolumeClaim'] : []),
    ),
  )
}

function validateClaim(volume: Volume, features: FeaturesConfig): FieldErrors {
  const claim = volume.persistentVolumeClaim
  if (claim === undefined) return NO_FIELD_ERRORS
  let errors = NO_FIELD_ERRORS
  if (features.podSpecPersistentVolumeClaim !== 'Enabled') {
    errors = errors.also(
      fieldError(
        `Persistent volume claim support is disabled, but found persistent volume claim ${claim.claimName}`,
        [],
      ),
    )
  }
  if (claim.readOnly !== true && features.podSpecPersistentVolumeWrite !== 'Enabled') {
    errors = errors.also(
      fieldError(
        `Persistent volume write support is disabled, but found persistent volume claim ${claim.claimName} that is not read-only`,
        [],
      ),
    )
  }
  return errors
}

function sourcesOf(volume: Volume): {name: string; errors: FieldErrors}[] {
  const sources: {name: string; errors: FieldErrors}[] = []
  if (volume.secret !== undefined) {
    sources.push({name: 'secret', errors: validateItems(volume.secret.items)})
  }
  if (volume.configMap !== undefined) {
    sources.push({name: 'configMap', errors: validateItems(volume.configMap.items)})
  }
  if (volume.projected !== undefined) {
    const errors = (volume.projected.sources ?? []).map((projection, index) =>
      validateProjection(projection).viaFieldIndex('projected', index),
    )
    sources.push({name: 'projected', errors: NO_FIELD_ERRORS.also(...errors)})
  }
  if (volume.emptyDir !== undefined) {
    const errors = validateEmptyDir(volume.emptyDir).viaField('emptyDir')
    sources.push({name: 'emptyDir', errors})
  }
  if (volume.persistentVolumeClaim !== undefined) {
    sources.push({name: 'persistentVolumeClaim', errors: NO_FIELD_ERRORS})
  }
  return sources
}

function validateItems(items: readonly Item[] = []): FieldErrors {
  return NO_FIELD_ERRORS.also(
    ...items.map((item, index) =>
      required(item.key, 'key').also(required(item.path, 'path')).viaFieldIndex('items', index),
    ),
  )
}

function required(value: string | undefined, field: string): FieldErrors {
  return value === undefined || value === '' ? missingField(field) : NO_FIELD_ERRORS
}

function validateProjection(projection: Projection): FieldErrors {
  const specified: string[] = []
  let errors = NO_FIELD_ERRORS
  for (const field of ['secret', 'configMap'] as const) {
    const source = projection[field]
    if (source === undefined) continue
    specified.push(field)
    errors = errors.also(
      required(source.name, 'name').also(validateItems(source.items)).viaField(field),
    )
  }
  if (projection.serviceAccountToken !== undefined) {
    specified.push('serviceAccountToken')
    errors = errors.also(
      required(projection.serviceAccountToken.path, 'path').viaField('serviceAccountToken'),
    )
  }
  if (projection.downwardAPI !== undefined) {
    specified.push('downwardAPI')
    const items = (projection.downwardAPI.items ?? []).map((item, index) =>
      validateDownwardItem(item).viaFieldIndex('items', index),
    )
    errors = errors.also(NO_FIELD_ERRORS.also(...items).viaField('downwardAPI'))
  }
  if (specified.length > 1) return errors.also(multipleOneOf(...specified))
  if (specified.length === 1) return errors
  return errors.also(missingOneOf('secret', 'configMap', 'serviceAccountToken', 'downwardAPI'))
}

function validateDownwardItem(item: Item): FieldErrors {
  const hasField = item.fieldRef !== undefined
  const hasResource = item.resourceFieldRef !== undefined
  let errors = NO_FIELD_ERRORS
  if (!hasField && !hasResource) errors = missingOneOf('fieldRef', 'resourceFieldRef')
  if (hasField && hasResource) {
    errors = fieldError('Within a single item, cannot set both', ['resourceFieldRef', 'fieldRef'])
  }
  return errors.also(required(item.path, 'path'))
}

function validateEmptyDir(emptyDir: NonNullable<Volume['emptyDir']>): FieldErrors {
  const {medium = '', sizeLimit} = emptyDir
  let errors = NO_FIELD_ERRORS
  if (medium !== '' && medium !== 'Memory') errors = invalidValue(medium, 'medium')
  if (sizeLimit !== undefined && parseQuantity(sizeLimit).nano < 0n) {
    errors = errors.also(invalidValue(sizeLimit, 'sizeLimit'))
  }
  return errors
}
