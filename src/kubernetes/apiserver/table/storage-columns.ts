import {objectAt, stringAt, stringsAt, type JsonObject} from '../json-value.ts'
import {ageColumn, column, nameColumn, type TableColumn} from './columns.ts'

/** What a table shows where a choice was left to the cluster. */
const UNSET = '<unset>'

const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

/** The table of PersistentVolumes. */
export const volumeColumns: readonly TableColumn[] = [
  nameColumn,
  column('Capacity', '#core.v1.PersistentVolumeSpec#capacity', (object) =>
    storageIn(specOf(object)),
  ),
  column('Access Modes', '#core.v1.PersistentVolumeSpec#accessModes', (object) =>
    accessModes(specOf(object)),
  ),
  column(
    'Reclaim Policy',
    '#core.v1.PersistentVolumeSpec#persistentVolumeReclaimPolicy',
    (object) => stringAt(specOf(object), 'persistentVolumeReclaimPolicy'),
  ),
  column('Status', '#core.v1.PersistentVolumeStatus#phase', phaseOf),
  column('Claim', '#core.v1.PersistentVolumeSpec#claimRef', (object) => {
    const claim = objectAt(specOf(object), 'claimRef')
    const name = stringAt(claim, 'name')
    return name === '' ? '' : `${stringAt(claim, 'namespace')}/${name}`
  }),
  ...classColumns('pv'),
  column('Reason', '#core.v1.PersistentVolumeStatus#reason', (object) =>
    stringAt(statusOf(object), 'reason'),
  ),
  ageColumn,
  modeColumn('PersistentVolumeSpec'),
]

/** The table of PersistentVolumeClaims; what a claim got shows once it has a volume. */
export const volumeClaimColumns: readonly TableColumn[] = [
  nameColumn,
  column('Status', '#core.v1.PersistentVolumeClaimStatus#phase', phaseOf),
  column('Volume', '#core.v1.PersistentVolumeClaimSpec#volumeName', volumeName),
  column('Capacity', '#core.v1.PersistentVolumeClaimStatus#capacity', (object) =>
    volumeName(object) === '' ? '' : storageIn(statusOf(object)),
  ),
  column('Access Modes', '#core.v1.PersistentVolumeClaimStatus#accessModes', (object) =>
    volumeName(object) === '' ? '' : accessModes(statusOf(object)),
  ),
  ...classColumns('pvc'),
  ageColumn,
  modeColumn('PersistentVolumeClaimSpec'),
]

function classColumns(shortName: string): TableColumn[] {
  return [
    column('StorageClass', `StorageClass of the ${shortName}`, (object) =>
      stringAt(specOf(object), 'storageClassName'),
    ),
    column(
      'VolumeAttributesClass',
      `VolumeAttributesClass of the ${shortName}`,
      (object) => stringAt(specOf(object), 'volumeAttributesClassName') || UNSET,
    ),
  ]
}

function modeColumn(struct: string): TableColumn {
  return column(
    'VolumeMode',
    `#core.v1.${struct}#volumeMode`,
    (object) => stringAt(specOf(object), 'volumeMode') || UNSET,
    {wide: true},
  )
}

function specOf(object: JsonObject): JsonObject {
  return objectAt(object, 'spec')
}

function statusOf(object: JsonObject): JsonObject {
  return objectAt(object, 'status')
}

function phaseOf(object: JsonObject): string {
  const isGoing = objectAt(object, 'metadata')['deletionTimestamp'] !== undefined
  return isGoing ? 'Terminating' : stringAt(statusOf(object), 'phase')
}

function volumeName(claim: JsonObject): string {
  return stringAt(specOf(claim), 'volumeName')
}

function storageIn(part: JsonObject): string {
  return stringAt(objectAt(part, 'capacity'), 'storage')
}

function accessModes(part: JsonObject): string {
  return stringsAt(part, 'accessModes')
    .map((mode) => ACCESS_MODES[mode] ?? mode)
    .join(',')
}
