import type {KubeObject} from '../../../api/meta/object.ts'

type Reader = (object: KubeObject) => string

/** Fields that selectors know, by kind, as paths; metadata.name and .namespace are always known. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'v1/Pod': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  'v1/Event': [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  'v1/Namespace': ['status.phase'],
  'v1/Secret': ['type'],
  'v1/Node': ['spec.unschedulable'],
  'v1/ReplicationController': ['status.replicas'],
  'v1/Service': ['spec.clusterIP', 'spec.type'],
  'apps/v1/ReplicaSet': ['status.replicas'],
  'batch/v1/Job': ['status.successful'],
  'certificates.k8s.io/v1/CertificateSigningRequest': ['spec.signerName'],
}

const DEFAULTS: Readonly<Record<string, string>> = {
  'spec.hostNetwork': 'false',
  'spec.unschedulable': 'false',
  'status.replicas': '0',
}

/** The readers of the selectable fields of a built-in kind. */
export function selectableFieldsOf(
  groupVersion: string,
  kind: string,
): ReadonlyMap<string, Reader> {
  const paths = FIELDS[`${groupVersion}/${kind}`] ?? []
  return new Map(paths.map((path) => [path, fieldReader(path)]))
}

/** Reads the field at a dotted path as text; missing is empty, or the zero value it stands for. */
export function fieldReader(path: string): Reader {
  if (path === 'source') {
    return (object) =>
      read(object, ['source', 'component']) ?? read(object, ['reportingComponent']) ?? ''
  }
  const names = path.split('.')
  return (object) => read(object, names) ?? DEFAULTS[path] ?? ''
}

function read(object: KubeObject, names: readonly string[]): string | undefined {
  let value: unknown = object
  for (const name of names) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
