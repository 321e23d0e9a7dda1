/** Volumes of k8s.io/api `core/v1`. */
import {
  BOOLEAN,
  INT32,
  INT64,
  OPAQUE,
  QUANTITY,
  STRING,
  always,
  embedded,
  list,
  pointer,
  struct,
  text,
} from './go-type.ts'

export const LOCAL_OBJECT_REFERENCE = struct('v1.LocalObjectReference', {name: STRING})

export const OBJECT_FIELD_SELECTOR = struct('v1.ObjectFieldSelector', {
  apiVersion: STRING,
  fieldPath: always(STRING),
})

export const RESOURCE_FIELD_SELECTOR = struct('v1.ResourceFieldSelector', {
  containerName: STRING,
  resource: always(STRING),
  divisor: QUANTITY,
})

const EMPTY_DIR = struct('v1.EmptyDirVolumeSource', {
  medium: text('v1.StorageMedium'),
  sizeLimit: pointer(QUANTITY),
})

const KEY_TO_PATH = struct('v1.KeyToPath', {
  key: always(STRING),
  path: always(STRING),
  mode: pointer(INT32),
})

const SECRET = struct('v1.SecretVolumeSource', {
  secretName: STRING,
  items: list(KEY_TO_PATH),
  defaultMode: pointer(INT32),
  optional: pointer(BOOLEAN),
})

const CONFIG_MAP = struct('v1.ConfigMapVolumeSource', {
  reference: embedded(LOCAL_OBJECT_REFERENCE),
  items: list(KEY_TO_PATH),
  defaultMode: pointer(INT32),
  optional: pointer(BOOLEAN),
})

const PERSISTENT_VOLUME_CLAIM = struct('v1.PersistentVolumeClaimVolumeSource', {
  claimName: always(STRING),
  readOnly: BOOLEAN,
})

const DOWNWARD_API_FILE = struct('v1.DownwardAPIVolumeFile', {
  path: always(STRING),
  fieldRef: pointer(OBJECT_FIELD_SELECTOR),
  resourceFieldRef: pointer(RESOURCE_FIELD_SELECTOR),
  mode: pointer(INT32),
})

const DOWNWARD_API = struct('v1.DownwardAPIVolumeSource', {
  items: list(DOWNWARD_API_FILE),
  defaultMode: pointer(INT32),
})

const SECRET_PROJECTION = struct('v1.SecretProjection', {
  reference: embedded(LOCAL_OBJECT_REFERENCE),
  items: list(KEY_TO_PATH),
  optional: pointer(BOOLEAN),
})

const DOWNWARD_API_PROJECTION = struct('v1.DownwardAPIProjection', {
  items: list(DOWNWARD_API_FILE),
})

const CONFIG_MAP_PROJECTION = struct('v1.ConfigMapProjection', {
  reference: embedded(LOCAL_OBJECT_REFERENCE),
  items: list(KEY_TO_PATH),
  optional: pointer(BOOLEAN),
})

const SERVICE_ACCOUNT_TOKEN_PROJECTION = struct('v1.ServiceAccountTokenProjection', {
  audience: STRING,
  expirationSeconds: pointer(INT64),
  path: always(STRING),
})

const PROJECTION = struct('v1.VolumeProjection', {
  secret: pointer(SECRET_PROJECTION),
  downwardAPI: pointer(DOWNWARD_API_PROJECTION),
  configMap: pointer(CONFIG_MAP_PROJECTION),
  serviceAccountToken: pointer(SERVICE_ACCOUNT_TOKEN_PROJECTION),
})

const PROJECTED = struct('v1.ProjectedVolumeSource', {
  sources: always(list(PROJECTION)),
  defaultMode: pointer(INT32),
})

/** The custom resource definitions let only some sources through; the others are here to be printed. */
const SOURCE = struct('v1.VolumeSource', {
  hostPath: OPAQUE,
  emptyDir: pointer(EMPTY_DIR),
  gcePersistentDisk: OPAQUE,
  awsElasticBlockStore: OPAQUE,
  gitRepo: OPAQUE,
  secret: pointer(SECRET),
  nfs: OPAQUE,
  iscsi: OPAQUE,
  glusterfs: OPAQUE,
  persistentVolumeClaim: pointer(PERSISTENT_VOLUME_CLAIM),
  rbd: OPAQUE,
  flexVolume: OPAQUE,
  cinder: OPAQUE,
  cephfs: OPAQUE,
  flocker: OPAQUE,
  downwardAPI: pointer(DOWNWARD_API),
  fc: OPAQUE,
  azureFile: OPAQUE,
  configMap: pointer(CONFIG_MAP),
  vsphereVolume: OPAQUE,
  quobyte: OPAQUE,
  azureDisk: OPAQUE,
  photonPersistentDisk: OPAQUE,
  projected: pointer(PROJECTED),
  portworxVolume: OPAQUE,
  scaleIO: OPAQUE,
  storageos: OPAQUE,
  csi: OPAQUE,
  ephemeral: OPAQUE,
})

export const VOLUME = struct('v1.Volume', {name: always(STRING), source: embedded(SOURCE)})
