/** References to objects and to their fields, of k8s.io/api `core/v1`. */
import {QUANTITY, STRING, always, field, struct, text, unlisted} from './declare.ts'

export const LOCAL_OBJECT_REFERENCE = struct(
  'v1.LocalObjectReference',
  {name: field(STRING, 'Name of the object in the same namespace.')},
  {description: 'An object of a known kind in the same namespace.', atomic: true},
)

export const OBJECT_FIELD_SELECTOR = struct(
  'v1.ObjectFieldSelector',
  {
    apiVersion: field(STRING, 'The version whose fields are meant; "v1" if not set.'),
    fieldPath: always(STRING, 'Path of the field.'),
  },
  {description: 'A field of the pod.', atomic: true},
)

export const RESOURCE_FIELD_SELECTOR = struct(
  'v1.ResourceFieldSelector',
  {
    containerName: field(STRING, 'Name of the container.'),
    resource: always(STRING, 'What is asked for, such as "limits.cpu".'),
    divisor: field(QUANTITY, 'The unit of the value; 1 if not set.'),
  },
  {description: 'A request or limit of a container.', atomic: true},
)

const KIND = field(STRING, 'Kind of the object.')
const NAME = field(STRING, 'Name of the object.')
const API_VERSION = field(STRING, 'Group and version of the object.')

/** As schemas of knative.dev/serving list it: what may be set in it. */
export const REFERENCE = struct(
  'v1.ObjectReference',
  {
    kind: KIND,
    namespace: unlisted(STRING),
    name: NAME,
    uid: unlisted(text('types.UID')),
    apiVersion: API_VERSION,
    resourceVersion: unlisted(STRING),
    fieldPath: unlisted(STRING),
  },
  {atomic: true},
)

/** As schemas of knative.dev/networking list it: with what the webhook refuses. */
export const OBJECT_REFERENCE = struct(
  'v1.ObjectReference',
  {
    kind: KIND,
    namespace: field(STRING, 'Namespace of the object.', {refused: true}),
    name: NAME,
    uid: field(text('types.UID'), 'Identity of the object.', {refused: true}),
    apiVersion: API_VERSION,
    resourceVersion: field(STRING, 'Version of the object that is meant.', {refused: true}),
    fieldPath: field(STRING, 'The part of the object that is meant.', {refused: true}),
  },
  {atomic: true},
)
