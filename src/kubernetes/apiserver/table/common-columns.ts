import {ageSince} from './age.ts'
import type {TableColumn} from './columns.ts'

/** What the API says about metadata.name, which every table shows first. */
export const NAME_DESCRIPTION =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names'

/** What the API says about metadata.creationTimestamp. */
export const CREATED_DESCRIPTION =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata'

/** How long ago the object was made. */
export const ageColumn: TableColumn = {
  name: 'Age',
  type: 'string',
  description: CREATED_DESCRIPTION,
  priority: 0,
  cell: (object, nowMs) => ageSince(object.metadata.creationTimestamp, nowMs),
}
