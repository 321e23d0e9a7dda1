import {isJsonObject, type JsonObject} from '../../util/json.ts'
import type {MergeSchema} from './merge-schema.ts'

/**
 * How values at one place of an object merge: a {@link MergeSchema} read once.
 *
 * A type may allow several shapes; the value then tells which one counts.
 * Counterpart of structured-merge-diff `schema.Atom`.
 */
export interface MergeType {
  readonly scalar: 'string' | 'number' | 'boolean' | 'any' | undefined
  readonly list: ListType | undefined
  readonly map: MapType | undefined
}

/** How a list merges. */
export interface ListType {
  /** `atomic`: as a whole · `set`: by value · `map`: by the value of the key fields. */
  readonly merges: 'atomic' | 'set' | 'map'
  readonly keys: readonly string[]
  readonly item: MergeType
}

/** How an object merges. */
export interface MapType {
  readonly atomic: boolean
  readonly fields: ReadonlyMap<string, FieldType>
  /** The type of undeclared fields; undefined where there must not be any. */
  readonly rest: MergeType | undefined
}

/** A declared field. */
export interface FieldType {
  readonly type: MergeType
  /** Stands for a missing key of a list item. */
  readonly default: unknown
  /**
   * What a built-in kind holds where the field is not written: `{}` for a struct that is no pointer,
   * null for a required list or map; undefined elsewhere.
   */
  readonly whenMissing: unknown
  /** For strategic merge patches: `merge`, `replace`, or undefined for replacing lists only. */
  readonly patchStrategy: string | undefined
  readonly patchMergeKey: string | undefined
}

/** The shape of a {@link MergeType} that counts for one value. */
export type Shape = 'map' | 'list' | 'scalar'

const UNTYPED_ATOMIC: MergeType = {
  scalar: 'any',
  list: {merges: 'atomic', keys: [], item: lazily(() => UNTYPED_ATOMIC)},
  map: {atomic: true, fields: new Map(), rest: lazily(() => UNTYPED_ATOMIC)},
}

/** Anything: objects merge field by field, lists as a whole. */
export const DEDUCED: MergeType = {
  scalar: 'any',
  list: {merges: 'atomic', keys: [], item: UNTYPED_ATOMIC},
  map: {atomic: false, fields: new Map(), rest: lazily(() => DEDUCED)},
}

/**
 * Reads the schema of a custom resource. Cheap to call again: schemas that were read are remembered.
 *
 * Counterpart of kube-openapi `schemaconv.ToSchemaFromOpenAPI`.
 */
export function mergeTypeOf(schema: MergeSchema): MergeType {
  return CUSTOM.read(schema)
}

/**
 * Reads the schema of a built-in kind, where a field with the default `{}` is a Go struct, and a
 * required one is always written: they are there even when they are empty, and nobody becomes
 * their owner by writing into them.
 */
export function builtInMergeTypeOf(schema: MergeSchema): MergeType {
  return BUILT_IN.read(schema)
}

/** The shape that counts for `value`; for null and for the wrong shape the first the type has. */
export function shapeOf(type: MergeType, value: unknown): Shape {
  if (Array.isArray(value)) {
    if (type.list !== undefined) return 'list'
  } else if (typeof value === 'object') {
    if (value !== null && type.map !== undefined) return 'map'
  } else if (value !== undefined && type.scalar !== undefined) return 'scalar'
  if (type.map !== undefined) return 'map'
  return type.scalar === undefined ? 'list' : 'scalar'
}

/** The type of the field `name`; undefined when the schema does not allow it. */
export function fieldTypeOf(type: MapType, name: string): MergeType | undefined {
  return type.fields.get(name)?.type ?? type.rest
}

class Reader {
  readonly #builtIn: boolean
  /** Inside a schema that preserves unknown fields, everything does. */
  readonly #preserving: Reader
  readonly #preserves: boolean
  readonly #read = new WeakMap<MergeSchema, MergeType>()

  constructor(builtIn: boolean, preserves = false) {
    this.#builtIn = builtIn
    this.#preserves = preserves
    this.#preserving = preserves ? this : new Reader(builtIn, true)
  }

  read(schema: MergeSchema): MergeType {
    if (schema['x-kubernetes-preserve-unknown-fields'] === true && !this.#preserves) {
      return this.#preserving.read(schema)
    }
    let type = this.#read.get(schema)
    if (type === undefined) {
      type = this.#make(schema)
      this.#read.set(schema, type)
    }
    return type
  }

  #make(schema: MergeSchema): MergeType {
    const shapes = {scalar: undefined, list: undefined, map: undefined}
    if (schema['x-kubernetes-int-or-string'] === true) return {...shapes, scalar: 'any'}
    switch (schema.type) {
      case 'object':
        return {...shapes, map: this.#map(schema)}
      case 'array':
        return {...shapes, list: this.#list(schema)}
      case 'string':
        return {...shapes, scalar: 'string'}
      case 'boolean':
        return {...shapes, scalar: 'boolean'}
      case 'integer':
      case 'number':
        return {...shapes, scalar: 'number'}
      case undefined:
      default:
        return {scalar: 'any', list: this.#list(schema), map: this.#map(schema)}
    }
  }

  #list(schema: MergeSchema): ListType {
    const {items} = schema
    return {
      ...listRelationship(schema),
      item: items === undefined ? UNTYPED_ATOMIC : lazily(() => this.read(items)),
    }
  }

  #map(schema: MergeSchema): MapType {
    const fields = new Map<string, FieldType>()
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      fields.set(name, {
        // Put off, since a type may contain itself.
        type: lazily(() => this.read(field)),
        default: field.default,
        whenMissing: this.#builtIn ? emptyValue(schema, name, field) : undefined,
        patchStrategy: withoutRetainKeys(field['x-kubernetes-patch-strategy']),
        patchMergeKey: field['x-kubernetes-patch-merge-key'],
      })
    }
    return {
      atomic: schema['x-kubernetes-map-type'] === 'atomic',
      fields,
      rest: this.#rest(schema, fields.size === 0),
    }
  }

  #rest(schema: MergeSchema, isFreeForm: boolean): MergeType | undefined {
    const {additionalProperties} = schema
    if (typeof additionalProperties === 'object')
      return lazily(() => this.read(additionalProperties))
    if (additionalProperties === true || this.#preserves || isFreeForm) return DEDUCED
    return undefined
  }
}

const CUSTOM = new Reader(false)
const BUILT_IN = new Reader(true)

/**
 * | list-type | patch-strategy | merge key | merges |
 * | --------- | -------------- | --------- | ------ |
 * | map       | any            | any       | by the list's map keys |
 * | set       | any            | any       | by value |
 * | atomic    | any            | any       | as a whole |
 * | none      | merge          | given     | by the merge key |
 * | none      | merge          | none      | by value |
 * | none      | other, none    | any       | as a whole |
 */
function listRelationship(schema: MergeSchema): Pick<ListType, 'merges' | 'keys'> {
  const listType = schema['x-kubernetes-list-type']
  if (listType === 'map') {
    return {merges: 'map', keys: (schema['x-kubernetes-list-map-keys'] ?? []).toSorted()}
  }
  if (listType === 'set') return {merges: 'set', keys: []}
  const strategy = withoutRetainKeys(schema['x-kubernetes-patch-strategy'])
  if (listType !== undefined || strategy !== 'merge') return {merges: 'atomic', keys: []}
  const key = schema['x-kubernetes-patch-merge-key']
  return key === undefined ? {merges: 'set', keys: []} : {merges: 'map', keys: [key]}
}

/** `retainKeys` is a promise of the client; the server obeys the directive in the patch instead. */
function withoutRetainKeys(strategy: string | undefined): string | undefined {
  return strategy?.split(',').find((part) => part !== 'retainKeys')
}

function emptyValue(parent: MergeSchema, name: string, field: MergeSchema): unknown {
  if (isJsonObject(field.default) && Object.keys(field.default).length === 0) return NO_STRUCT
  const isContainer = field.type === 'array' || field.type === 'object'
  return isContainer && parent.required?.includes(name) === true ? null : undefined
}

const NO_STRUCT: JsonObject = Object.freeze({})

/** A type that is made when it is first looked at. */
function lazily(make: () => MergeType): MergeType {
  let made: MergeType | undefined
  const get = (): MergeType => (made ??= make())
  return {
    get scalar() {
      return get().scalar
    },
    get list() {
      return get().list
    },
    get map() {
      return get().map
    },
  }
}
