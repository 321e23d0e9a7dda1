/**
 * Upstream's Go types as data: what decoding and encoding does to an object, in which order its
 * fields are printed, which of them may be set, and what its schema says.
 *
 * `Value` is the TypeScript type of what each of them holds; nothing has it at run time.
 */
import type {FeaturesConfig} from '../config/features.ts'

/** A type that is one JSON value. `name` is how Go's errors call it. */
export interface ScalarType<Value = unknown> {
  readonly kind: 'string' | 'boolean' | 'integer' | 'quantity' | 'intOrString' | 'time'
  readonly name: string
  readonly holds?: Value
}
/** A list. */
export interface ListType<Value = unknown> {
  readonly kind: 'list'
  readonly of: GoType
  readonly holds?: Value
}
/** A map from strings. */
export interface MapType<Value = unknown> {
  readonly kind: 'map'
  readonly of: GoType
  /** How Go's errors call it, where it has a name of its own. */
  readonly name?: string
  readonly holds?: Value
}
/** A pointer: may be absent, which is something else than zero. */
export interface PointerType<Value = unknown> {
  readonly kind: 'pointer'
  readonly to: GoType
  readonly holds?: Value
}
/** What the Go type of a field does not say. */
export interface FieldFacts {
  /** Nobody has to set it, though Go always writes it; where it is `defaulted`, the webhook fills it in. */
  readonly optional?: true | 'defaulted'
  /** Its value is not looked into by the schema, which knows its kind of JSON alone and prunes nothing. */
  readonly opaque?: true
  /** A map that server-side apply replaces as a whole. */
  readonly atomic?: true
  /** A list that server-side apply merges by these keys. */
  readonly mergeKeys?: readonly string[]
  /** What the schema fills in. */
  readonly default?: string
  /** Each of them lets it in, unless it is `Disabled`; the schema's text names the first. */
  readonly features?: readonly (keyof FeaturesConfig)[]
  /** The schema lists it, and the webhook refuses it. */
  readonly refused?: true
}
/** A field of a struct. */
export interface GoField extends FieldFacts {
  readonly json: string
  readonly type: GoType
  /** Without `omitempty`: encoded even when it is zero. */
  readonly always: boolean
  /** Whether schemas list it; the webhook refuses it where they do not. */
  readonly listed: boolean
  /** What `kubectl explain` says about it. */
  readonly description?: string
}
/** A struct whose fields appear in the struct that embeds it. */
export interface EmbeddedField {
  /** The name of the struct without its package, as paths of errors have it. */
  readonly go: string
  readonly embedded: StructType
}
/** A field by its JSON name, and the structs that are embedded on the way to it. */
interface FieldPlace {
  readonly field: GoField
  readonly via: readonly string[]
}
/** What the fields of a struct do not say. */
export interface StructFacts {
  /** What `kubectl explain` says about it where a field has no text of its own. */
  readonly description?: string
  /** Keeps fields that its schema does not list. */
  readonly open?: true
  /** Server-side apply replaces it as a whole, and structs that embed it as well. */
  readonly atomic?: true
}
/** A struct. Fields are in Go's order. */
export interface StructType<Value = unknown> extends StructFacts {
  readonly kind: 'struct'
  /** With its package: `v1.Probe`. */
  readonly name: string
  readonly fields: readonly (GoField | EmbeddedField)[]
  readonly byJson: ReadonlyMap<string, FieldPlace>
  readonly holds?: Value
}
/** Something that no object here can hold. */
export interface OpaqueType<Value = unknown> {
  readonly kind: 'opaque'
  readonly holds?: Value
}
/** Any of them. */
export type GoType<Value = unknown> =
  | ScalarType<Value>
  | ListType<Value>
  | MapType<Value>
  | PointerType<Value>
  | StructType<Value>
  | OpaqueType<Value>

/** A struct's name without its package. */
export function bareName(type: StructType): string {
  return type.name.slice(type.name.indexOf('.') + 1)
}

/** A type as Go's errors call it. */
export function nameOf(type: GoType): string {
  if (type.kind === 'list') return `[]${nameOf(type.of)}`
  if (type.kind === 'map') return type.name ?? `map[string]${nameOf(type.of)}`
  if (type.kind === 'pointer') return `*${nameOf(type.to)}`
  return type.kind === 'opaque' ? 'interface {}' : type.name
}
