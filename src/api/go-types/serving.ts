/** Specs of knative.dev/serving `pkg/apis/serving`. */
import type {ManagedFieldsEntry, ObjectMeta} from '../meta/object.ts'
import {POD_SPEC} from './core-pod.ts'
import {
  BOOLEAN,
  INT64,
  STRING,
  TIME,
  always,
  embedded,
  field,
  list,
  map,
  pointer,
  struct,
  text,
  unlisted,
} from './declare.ts'
import type {OpaqueType, StructType} from './go-type.ts'

const OWNER_REFERENCE = struct('v1.OwnerReference', {
  apiVersion: always(STRING),
  kind: always(STRING),
  name: always(STRING),
  uid: always(text('types.UID')),
  controller: pointer(BOOLEAN),
  blockOwnerDeletion: pointer(BOOLEAN),
})

const MANAGED_FIELDS: OpaqueType<ManagedFieldsEntry> = {kind: 'opaque'}

/** The metadata of every object. */
export const OBJECT_META: StructType<Partial<ObjectMeta>> = struct(
  'v1.ObjectMeta',
  {
    name: field(
      STRING,
      'Name of the object. A revision gets one from its Configuration if this is not set.',
    ),
    generateName: unlisted(STRING),
    namespace: field(STRING, 'Namespace of the object.'),
    selfLink: unlisted(STRING),
    uid: unlisted(text('types.UID')),
    resourceVersion: unlisted(STRING),
    generation: unlisted(INT64),
    creationTimestamp: unlisted(TIME),
    deletionTimestamp: unlisted(pointer(TIME)),
    deletionGracePeriodSeconds: unlisted(pointer(INT64)),
    labels: field(map(STRING), 'Labels by their keys.'),
    annotations: field(
      map(STRING),
      'Annotations by their keys. Those of Knative tune a revision, such as its scale.',
    ),
    ownerReferences: unlisted(list(OWNER_REFERENCE)),
    finalizers: field(
      list(STRING),
      'What has to be finished before the object is taken out of the store.',
    ),
    managedFields: unlisted(list(MANAGED_FIELDS)),
  },
  {open: true},
)

export const REVISION_SPEC = struct('v1.RevisionSpec', {
  pod: embedded(POD_SPEC),
  containerConcurrency: field(
    pointer(INT64),
    'How many requests a pod works on at once; 0 is no limit.',
  ),
  timeoutSeconds: field(pointer(INT64), 'Seconds that a request may take.'),
  responseStartTimeoutSeconds: field(
    pointer(INT64),
    'Seconds until the first byte of the answer must be there.',
  ),
  idleTimeoutSeconds: field(
    pointer(INT64),
    'Seconds without a byte in either direction until a request is cut off.',
  ),
})

export const REVISION_TEMPLATE_SPEC = struct('v1.RevisionTemplateSpec', {
  metadata: field(OBJECT_META, 'Name, labels and annotations of the revision.'),
  spec: always(REVISION_SPEC, 'What the revision runs, and with which limits.', {optional: true}),
})

export const TRAFFIC_TARGET = struct(
  'v1.TrafficTarget',
  {
    tag: field(STRING, 'Name of a host of its own for this target, whatever its share is.'),
    revisionName: field(STRING, 'The revision that gets it.'),
    configurationName: field(
      STRING,
      'The Configuration whose latest ready revision gets it; not in a Service.',
    ),
    latestRevision: field(
      pointer(BOOLEAN),
      'Whether the latest ready revision gets it. Must be false with revisionName.',
    ),
    percent: field(pointer(INT64), 'The share in percent; all shares together are 100.'),
    url: field(pointer(STRING), 'The host of its own that the tag gives it. Not to be set.'),
  },
  {description: 'A share of the traffic.'},
)

const CONFIGURATION_SPEC = struct('v1.ConfigurationSpec', {
  template: always(REVISION_TEMPLATE_SPEC, 'The next revision. A change of it makes a new one.', {
    optional: true,
  }),
})

const ROUTE_SPEC = struct('v1.RouteSpec', {
  traffic: field(
    list(TRAFFIC_TARGET),
    'How traffic is split; everything goes to the latest ready revision if not set.',
  ),
})

const SERVICE_SPEC = struct('v1.ServiceSpec', {
  configuration: embedded(CONFIGURATION_SPEC),
  route: embedded(ROUTE_SPEC),
})

const DOMAIN_MAPPING_SPEC = struct('v1beta1.DomainMappingSpec', {
  ref: always(
    struct('v1.KReference', {
      kind: always(STRING, 'Kind of the object.'),
      namespace: field(
        STRING,
        'Namespace of the object; that of the one who refers to it if not set.',
      ),
      name: always(STRING, 'Name of the object.'),
      apiVersion: field(STRING, 'Group and version of the object.'),
      group: field(STRING, 'Group of the object, in the place of its apiVersion.'),
      address: field(
        pointer(STRING),
        'Which of the addresses of the object is meant, by its name.',
      ),
    }),
    'What the domain leads to, such as a Service.',
  ),
  tls: field(
    pointer(
      struct('v1beta1.SecretTLS', {
        secretName: always(STRING, 'Name of the Secret with tls.crt and tls.key.'),
      }),
    ),
    'The certificate of the domain.',
  ),
})

/**
 * The kinds people write, as far as a round trip changes them: metadata and status are the API
 * server's business.
 */
export const KIND_TYPES = {
  Service: struct(
    'v1.Service',
    {
      spec: always(
        SERVICE_SPEC,
        'What is wanted: the template of the next revision, and how traffic is split.',
        {optional: true},
      ),
    },
    {
      description:
        'Service is an application: a container image, how it runs and who gets to it. It keeps a Configuration and a Route of its name; each change makes a new Revision.',
    },
  ),
  Configuration: struct(
    'v1.Configuration',
    {
      spec: always(CONFIGURATION_SPEC, 'What is wanted: the template of the next revision.', {
        optional: true,
      }),
    },
    {
      description:
        'Configuration is the newest wish for an application. Each change of its template makes a new Revision.',
    },
  ),
  Revision: struct(
    'v1.Revision',
    {spec: always(REVISION_SPEC, 'What runs, and with which limits.', {optional: true})},
    {
      description:
        'Revision is a snapshot of code and settings that never changes, made by a Configuration.',
    },
  ),
  Route: struct(
    'v1.Route',
    {spec: always(ROUTE_SPEC, 'What is wanted: how traffic is split.', {optional: true})},
    {description: 'Route gives revisions a host name, and each its share of the requests.'},
  ),
  DomainMapping: struct(
    'v1beta1.DomainMapping',
    {spec: always(DOMAIN_MAPPING_SPEC, 'What is wanted.', {optional: true})},
    {
      description:
        'DomainMapping gives something that can be reached a host name of its own. Its name is that host name.',
    },
  ),
} as const
