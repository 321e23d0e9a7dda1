/**
 * What patching needs to know of a schema: the part of OpenAPI v3 that CRDs carry in
 * `openAPIV3Schema` and that kube-apiserver publishes for the built-in kinds.
 *
 * Schemas are graphs of objects, without `$ref`: a type that is used twice is the same object twice.
 */
export interface MergeSchema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, MergeSchema>>
  readonly items?: MergeSchema
  readonly additionalProperties?: MergeSchema | boolean
  /** Of a list's key field: what a missing key means. Of built-in kinds: `{}` marks a struct. */
  readonly default?: unknown
  /** Of built-in kinds: fields that Go writes even when they are empty. */
  readonly required?: readonly string[]
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: string
  readonly 'x-kubernetes-patch-strategy'?: string
  readonly 'x-kubernetes-patch-merge-key'?: string
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
}

/** `metav1.ObjectMeta`, which CRDs leave out of their schemas. */
export const OBJECT_META_SCHEMA: MergeSchema = {
  type: 'object',
  properties: {
    name: {type: 'string'},
    generateName: {type: 'string'},
    namespace: {type: 'string'},
    selfLink: {type: 'string'},
    uid: {type: 'string'},
    resourceVersion: {type: 'string'},
    generation: {type: 'integer'},
    creationTimestamp: {type: 'string'},
    deletionTimestamp: {type: 'string'},
    deletionGracePeriodSeconds: {type: 'integer'},
    labels: {type: 'object', additionalProperties: {type: 'string'}},
    annotations: {type: 'object', additionalProperties: {type: 'string'}},
    finalizers: {
      type: 'array',
      items: {type: 'string'},
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-patch-strategy': 'merge',
    },
    ownerReferences: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'uid',
      items: {
        type: 'object',
        'x-kubernetes-map-type': 'atomic',
        properties: {
          apiVersion: {type: 'string'},
          kind: {type: 'string'},
          name: {type: 'string'},
          uid: {type: 'string'},
          controller: {type: 'boolean'},
          blockOwnerDeletion: {type: 'boolean'},
        },
      },
    },
    managedFields: {
      type: 'array',
      'x-kubernetes-list-type': 'atomic',
      items: {type: 'object'},
    },
  },
}

/** The schema of a custom resource with what every object has: apiVersion, kind and metadata. */
export function customResourceSchema(schema: MergeSchema | undefined): MergeSchema {
  return {
    ...(schema ?? {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}),
    properties: {
      ...schema?.properties,
      apiVersion: {type: 'string'},
      kind: {type: 'string'},
      metadata: OBJECT_META_SCHEMA,
    },
  }
}
