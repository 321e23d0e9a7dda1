/** Kubernetes `metav1.OwnerReference`. */
export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** Kubernetes `metav1.ManagedFieldsEntry`. */
export interface ManagedFieldsEntry {
  manager?: string
  operation?: 'Apply' | 'Update'
  apiVersion?: string
  time?: string
  fieldsType?: 'FieldsV1'
  fieldsV1?: Record<string, unknown>
  subresource?: string
}

/** Kubernetes `metav1.ObjectMeta`. Times are RFC 3339 with whole seconds. */
export interface ObjectMeta {
  name: string
  generateName?: string
  namespace?: string
  uid?: string
  /** Opaque: compare for equality only. */
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: ManagedFieldsEntry[]
}

/** Any Kubernetes object. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

/** An object of a kind nobody knows at compile time. */
export interface UnknownObject extends KubeObject {
  [field: string]: unknown
}

/** A list as the API answers it. */
export interface KubeList<T extends KubeObject> {
  apiVersion: string
  kind: string
  metadata: {resourceVersion?: string; continue?: string; remainingItemCount?: number}
  items: T[]
}

/** One event of a watch. `ERROR` carries a Status, `BOOKMARK` only a resource version. */
export type WatchEvent<T = UnknownObject> =
  | {type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T}
  | {type: 'BOOKMARK'; object: KubeObject}
  | {type: 'ERROR'; object: Status}

/** Where an object is: its name and, for namespaced kinds, its namespace. */
export interface ObjectKey {
  readonly name: string
  readonly namespace?: string | undefined
}

/** The key of an object, as a work queue holds it: `namespace/name`, or `name`. */
export function keyOf(object: KubeObject): string {
  const {namespace, name} = object.metadata
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** Splits what {@link keyOf} made. */
export function parseKey(key: string): ObjectKey {
  const slash = key.indexOf('/')
  return slash < 0 ? {name: key} : {namespace: key.slice(0, slash), name: key.slice(slash + 1)}
}

/** Kubernetes `metav1.Status`. */
export interface Status {
  apiVersion: 'v1'
  kind: 'Status'
  metadata: Record<string, unknown>
  status: 'Success' | 'Failure'
  message?: string
  reason?: StatusReason
  details?: StatusDetails
  code?: number
}

/** Kubernetes `metav1.StatusDetails`. */
export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: {reason?: string; message?: string; field?: string}[]
  retryAfterSeconds?: number
}

/** The reasons of `metav1.Status` that the API server of this project and of Kubernetes give. */
export type StatusReason =
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'ServerTimeout'
  | 'Timeout'
  | 'TooManyRequests'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'InternalError'
  | 'Expired'
  | 'ServiceUnavailable'
  | ''
