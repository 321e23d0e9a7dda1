/** Volumes of k8s.io/api `core/v1`. */
import {
  LOCAL_OBJECT_REFERENCE,
  OBJECT_FIELD_SELECTOR,
  RESOURCE_FIELD_SELECTOR,
} from './core-references.ts'
import {
  BOOLEAN,
  INT32,
  INT64,
  OPAQUE,
  QUANTITY,
  STRING,
  always,
  embedded,
  field,
  list,
  pointer,
  struct,
  text,
  unlisted,
} from './declare.ts'

const FILE_MODE = 'Permissions of this file; those of the volume if not set.'
const KEYS_TO_PROJECT =
  'The keys to project and where to. All of them, under their own names, if not set.'
const DEFAULT_MODE = 'Permissions of the files, in octal or decimal. 0644 if not set.'
const IS_OPTIONAL = 'Whether the container may start although the object or the key is missing.'

const EMPTY_DIR = struct('v1.EmptyDirVolumeSource', {
  medium: text('v1.StorageMedium'),
  sizeLimit: pointer(QUANTITY),
})

const KEY_TO_PATH = struct(
  'v1.KeyToPath',
  {
    key: always(STRING, 'The key.'),
    path: always(STRING, 'Relative path of the file, without "..".'),
    mode: field(pointer(INT32), FILE_MODE),
  },
  {description: 'A key and the file it becomes.'},
)

const SECRET = struct(
  'v1.SecretVolumeSource',
  {
    secretName: field(STRING, 'Name of the Secret.'),
    items: field(list(KEY_TO_PATH), KEYS_TO_PROJECT),
    defaultMode: field(pointer(INT32), DEFAULT_MODE),
    optional: field(pointer(BOOLEAN), IS_OPTIONAL),
  },
  {description: 'The keys of a Secret as files.'},
)

const CONFIG_MAP = struct(
  'v1.ConfigMapVolumeSource',
  {
    reference: embedded(LOCAL_OBJECT_REFERENCE),
    items: field(list(KEY_TO_PATH), KEYS_TO_PROJECT),
    defaultMode: field(pointer(INT32), DEFAULT_MODE),
    optional: field(pointer(BOOLEAN), IS_OPTIONAL),
  },
  {description: 'The keys of a ConfigMap as files.'},
)

const PERSISTENT_VOLUME_CLAIM = struct('v1.PersistentVolumeClaimVolumeSource', {
  claimName: always(STRING),
  readOnly: BOOLEAN,
})

const DOWNWARD_API_FILE = struct(
  'v1.DownwardAPIVolumeFile',
  {
    path: always(STRING, 'Relative path of the file, without "..".'),
    fieldRef: field(
      pointer(OBJECT_FIELD_SELECTOR),
      'A field of the pod: its annotations, labels, name, namespace or uid.',
    ),
    resourceFieldRef: field(pointer(RESOURCE_FIELD_SELECTOR), 'A request or limit of a container.'),
    mode: field(pointer(INT32), FILE_MODE),
  },
  {description: 'A file that holds a field of the pod.'},
)

const DOWNWARD_API = struct('v1.DownwardAPIVolumeSource', {
  items: list(DOWNWARD_API_FILE),
  defaultMode: pointer(INT32),
})

const SECRET_PROJECTION = struct(
  'v1.SecretProjection',
  {
    reference: embedded(LOCAL_OBJECT_REFERENCE),
    items: field(list(KEY_TO_PATH), KEYS_TO_PROJECT),
    optional: field(pointer(BOOLEAN), IS_OPTIONAL),
  },
  {description: 'The keys of a Secret as files.'},
)

const DOWNWARD_API_PROJECTION = struct('v1.DownwardAPIProjection', {
  items: field(list(DOWNWARD_API_FILE), 'The files.'),
})

const CONFIG_MAP_PROJECTION = struct(
  'v1.ConfigMapProjection',
  {
    reference: embedded(LOCAL_OBJECT_REFERENCE),
    items: field(list(KEY_TO_PATH), KEYS_TO_PROJECT),
    optional: field(pointer(BOOLEAN), IS_OPTIONAL),
  },
  {description: 'The keys of a ConfigMap as files.'},
)

const SERVICE_ACCOUNT_TOKEN_PROJECTION = struct('v1.ServiceAccountTokenProjection', {
  audience: field(STRING, 'Who the token is for; the API server if not set.'),
  expirationSeconds: field(
    pointer(INT64),
    'Seconds until the token ends: an hour if not set, ten minutes at least.',
  ),
  path: always(STRING, 'Relative path of the file.'),
})

const PROJECTION = struct(
  'v1.VolumeProjection',
  {
    secret: field(pointer(SECRET_PROJECTION), 'The keys of a Secret.'),
    downwardAPI: field(pointer(DOWNWARD_API_PROJECTION), 'Fields of the pod.'),
    configMap: field(pointer(CONFIG_MAP_PROJECTION), 'The keys of a ConfigMap.'),
    serviceAccountToken: field(
      pointer(SERVICE_ACCOUNT_TOKEN_PROJECTION),
      'A token of the service account.',
    ),
  },
  {description: 'One of several sources.'},
)

const PROJECTED = struct(
  'v1.ProjectedVolumeSource',
  {
    sources: always(list(PROJECTION), 'The sources.', {optional: true}),
    defaultMode: field(pointer(INT32), DEFAULT_MODE),
  },
  {description: 'Several sources in one directory.'},
)

/** The custom resource definitions let only some sources through; the others are here to be printed. */
const SOURCE = struct('v1.VolumeSource', {
  hostPath: unlisted(OPAQUE),
  emptyDir: field(pointer(EMPTY_DIR), 'An empty directory that lives as long as the pod.', {
    features: ['podSpecVolumesEmptyDir'],
    opaque: true,
  }),
  gcePersistentDisk: unlisted(OPAQUE),
  awsElasticBlockStore: unlisted(OPAQUE),
  gitRepo: unlisted(OPAQUE),
  secret: field(pointer(SECRET), 'The keys of a Secret as files.'),
  nfs: unlisted(OPAQUE),
  iscsi: unlisted(OPAQUE),
  glusterfs: unlisted(OPAQUE),
  persistentVolumeClaim: field(
    pointer(PERSISTENT_VOLUME_CLAIM),
    'A PersistentVolumeClaim of the same namespace.',
    {features: ['podSpecPersistentVolumeClaim'], opaque: true},
  ),
  rbd: unlisted(OPAQUE),
  flexVolume: unlisted(OPAQUE),
  cinder: unlisted(OPAQUE),
  cephfs: unlisted(OPAQUE),
  flocker: unlisted(OPAQUE),
  downwardAPI: unlisted(pointer(DOWNWARD_API)),
  fc: unlisted(OPAQUE),
  azureFile: unlisted(OPAQUE),
  configMap: field(pointer(CONFIG_MAP), 'The keys of a ConfigMap as files.'),
  vsphereVolume: unlisted(OPAQUE),
  quobyte: unlisted(OPAQUE),
  azureDisk: unlisted(OPAQUE),
  photonPersistentDisk: unlisted(OPAQUE),
  projected: field(pointer(PROJECTED), 'Several sources in one directory.'),
  portworxVolume: unlisted(OPAQUE),
  scaleIO: unlisted(OPAQUE),
  storageos: unlisted(OPAQUE),
  csi: unlisted(OPAQUE),
  ephemeral: unlisted(OPAQUE),
})

export const VOLUME = struct(
  'v1.Volume',
  {name: always(STRING, 'Name of the volume, unique within the pod.'), source: embedded(SOURCE)},
  {description: 'A volume that containers may mount.'},
)
