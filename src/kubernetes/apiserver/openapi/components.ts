import type {StructuralSchema} from '../../../api/extensions/structural-schema.ts'
import {structSchema, type JsonSchema} from '../schema/builtin-json-schema.ts'
import {hasStructType, structType, type StructType, type TypeNode} from '../schema/builtin-types.ts'
import type {Descriptions} from '../schema/descriptions.ts'
import type {ServedResource} from '../request-context.ts'
import {
  builtinName,
  INT_OR_STRING,
  listName,
  MICRO_TIME,
  objectName,
  PATCH,
  QUANTITY,
  TIME,
} from './names.ts'

/** A schema of an OpenAPI document. */
export type OpenApiSchema = Record<string, unknown>

const SCALARS: Readonly<Record<string, OpenApiSchema>> = {
  [TIME]: {
    description:
      'Time is a wrapper around time.Time which supports correct marshaling to YAML and JSON.  Wrappers are provided for many of the factory methods that the time package offers.',
    type: 'string',
    format: 'date-time',
  },
  [MICRO_TIME]: {
    description: 'MicroTime is version of Time with microsecond level precision.',
    type: 'string',
    format: 'date-time',
  },
  [QUANTITY]: {
    description:
      'An amount of a resource with an optional suffix, such as 100m, 1.5 or 2Gi. The server stores it in its canonical form.',
    oneOf: [{type: 'string'}, {type: 'number'}],
  },
  [INT_OR_STRING]: {
    description:
      'IntOrString is a type that can hold an int32 or a string.  When used in JSON or YAML marshalling and unmarshalling, it produces or consumes the inner type.  This allows you to have, for example, a JSON field that can accept a name or number.',
    format: 'int-or-string',
    oneOf: [{type: 'integer'}, {type: 'string'}],
  },
  [PATCH]: {
    description:
      'Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.',
    type: 'object',
  },
}

const NAMED_SCALARS: Readonly<Partial<Record<TypeNode['kind'], string>>> = {
  time: TIME,
  microTime: MICRO_TIME,
  quantity: QUANTITY,
  intOrString: INT_OR_STRING,
}

type NamedSchema = JsonSchema & {$ref?: string; allOf?: unknown}

/** Where references of version 3 lead. */
export const SCHEMA_PREFIX = '#/components/schemas/'

/** Collects the schemas that a document needs: kinds, and everything they are made of. */
export class Components {
  readonly schemas: Record<string, OpenApiSchema> = {}
  readonly #descriptions: Descriptions

  constructor(descriptions: Descriptions) {
    this.#descriptions = descriptions
    this.addScalar(PATCH)
    for (const id of ['meta.v1.DeleteOptions', 'meta.v1.Status', 'meta.v1.ObjectMeta']) {
      this.addStruct(structType(id))
    }
  }

  reference(name: string): OpenApiSchema {
    return {$ref: SCHEMA_PREFIX + name}
  }

  addScalar(name: string): void {
    const schema = SCALARS[name]
    if (schema !== undefined) this.schemas[name] = schema
  }

  /** Adds the objects and the lists of a kind. */
  addResource(resource: ServedResource): void {
    const {source} = resource.schema
    const {group, version, kind} = resource.type
    if (source.kind === 'struct') this.addStruct(source.struct)
    else this.schemas[objectName(resource)] = this.#custom(source.schema)
    const own = this.schemas[objectName(resource)]
    if (own !== undefined) addKind(own, {group, kind, version})
    if (resource.verbs.includes('list')) this.#addList(resource)
    for (const {kind: other} of resource.subresources.values()) {
      const id = other && `${other.group.split('.')[0] || 'core'}.${other.version}.${other.kind}`
      if (id === undefined || !hasStructType(id)) continue
      const struct = structType(id)
      this.addStruct(struct)
      const schema = this.schemas[builtinName(id)]
      if (schema !== undefined && other !== undefined) addKind(schema, other)
    }
  }

  #addList(resource: ServedResource): void {
    const {group, version, kind} = resource.type
    const meta = this.#descriptions['meta.v1.Status']
    this.addStruct(structType('meta.v1.ListMeta'))
    this.schemas[listName(resource)] = {
      description: `${resource.listKind} is a list of ${kind}`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: {description: meta?.['apiVersion'], type: 'string'},
        items: {
          description: `List of ${resource.type.plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
          type: 'array',
          items: this.reference(objectName(resource)),
        },
        kind: {description: meta?.['kind'], type: 'string'},
        metadata: {
          description: meta?.['metadata'],
          allOf: [this.reference(builtinName('meta.v1.ListMeta'))],
        },
      },
      'x-kubernetes-group-version-kind': [{group, kind: resource.listKind, version}],
    }
  }

  /** Adds a built-in type with everything it is made of. */
  addStruct(struct: StructType): void {
    const name = builtinName(struct.id)
    if (this.schemas[name] !== undefined) return
    const texts = this.#descriptions[struct.id] ?? {}
    const schema = structSchema(struct, (inner) => this.reference(builtinName(inner.id)))
    // Before what it contains, since types may contain themselves.
    this.schemas[name] = {...(texts[''] !== undefined && {description: texts['']}), ...schema}
    for (const [fieldName, property] of Object.entries(schema.properties ?? {})) {
      const field = struct.fields.get(fieldName)
      if (field === undefined) continue
      property.description = texts[fieldName] ?? ''
      if (property.description === '') delete property.description
      this.#name(field.type, property)
    }
  }

  /** Gives named types their names, and makes references next to a description legal. */
  #name(type: TypeNode, property: NamedSchema): void {
    if (type.kind === 'list') {
      if (property.items !== undefined) this.#name(type.item, property.items)
      return
    }
    if (type.kind === 'map') {
      const {additionalProperties} = property
      if (additionalProperties !== undefined) this.#name(type.value, additionalProperties)
      return
    }
    const named = NAMED_SCALARS[type.kind]
    if (type.kind === 'struct') this.addStruct(type)
    else if (named === undefined) return
    else this.#replaceByReference(property, named)
    const {$ref} = property
    if ($ref === undefined || Object.keys(property).length === 1) return
    delete property.$ref
    property.allOf = [{$ref}]
  }

  #replaceByReference(property: NamedSchema, name: string): void {
    this.addScalar(name)
    delete property.type
    delete property.format
    delete property['x-kubernetes-int-or-string']
    property.$ref = SCHEMA_PREFIX + name
  }

  /** A structural schema with what every object has: apiVersion, kind and metadata. */
  #custom(schema: StructuralSchema): OpenApiSchema {
    const texts = this.#descriptions['core.v1.ConfigMap'] ?? {}
    const own = schema.properties ?? {}
    return {
      ...schema,
      type: 'object',
      properties: {
        ...own,
        apiVersion: {description: texts['apiVersion'], type: 'string'},
        kind: {description: texts['kind'], type: 'string'},
        metadata: {
          description:
            "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
          allOf: [this.reference(builtinName('meta.v1.ObjectMeta'))],
        },
      },
    }
  }
}

function addKind(
  schema: OpenApiSchema,
  {group, version, kind}: {group: string; version: string; kind: string},
): void {
  const known = schema['x-kubernetes-group-version-kind']
  const kinds: unknown[] = Array.isArray(known) ? known : []
  const isKnown = kinds.some(
    (item) => JSON.stringify(item) === JSON.stringify({group, kind, version}),
  )
  if (!isKnown) kinds.push({group, kind, version})
  schema['x-kubernetes-group-version-kind'] = kinds
}
