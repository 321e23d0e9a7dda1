/**
 * Upstream's Go types as data: enough to know what decoding and encoding does to an object, which
 * stored objects show, and how errors call them.
 */

/** A type that is one JSON value. `name` is how Go's errors call it. */
export interface ScalarType {
  readonly kind: 'string' | 'boolean' | 'integer' | 'quantity' | 'intOrString' | 'time'
  readonly name: string
}
/** A list. */
export interface ListType {
  readonly kind: 'list'
  readonly of: GoType
}
/** A map from strings. */
export interface MapType {
  readonly kind: 'map'
  readonly of: GoType
  /** How Go's errors call it, where it has a name of its own. */
  readonly name?: string
}
/** A pointer: may be absent, which is something else than zero. */
export interface PointerType {
  readonly kind: 'pointer'
  readonly to: GoType
}
/** A field of a struct. */
export interface GoField {
  readonly json: string
  readonly type: GoType
  /** Without `omitempty`: encoded even when it is zero. */
  readonly always: boolean
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
/** A struct. Fields are in Go's order. */
export interface StructType {
  readonly kind: 'struct'
  /** With its package: `v1.Probe`. */
  readonly name: string
  readonly fields: readonly (GoField | EmbeddedField)[]
  readonly byJson: ReadonlyMap<string, FieldPlace>
}
/** Something that no object here can hold. */
export interface OpaqueType {
  readonly kind: 'opaque'
}
/** Any of them. */
export type GoType = ScalarType | ListType | MapType | PointerType | StructType | OpaqueType

export const STRING: ScalarType = {kind: 'string', name: 'string'}
export const BOOLEAN: ScalarType = {kind: 'boolean', name: 'bool'}
export const INT32: ScalarType = {kind: 'integer', name: 'int32'}
export const INT64: ScalarType = {kind: 'integer', name: 'int64'}
export const QUANTITY: ScalarType = {kind: 'quantity', name: 'resource.Quantity'}
export const INT_OR_STRING: ScalarType = {kind: 'intOrString', name: 'intstr.IntOrString'}
export const TIME: ScalarType = {kind: 'time', name: 'v1.Time'}
export const OPAQUE: OpaqueType = {kind: 'opaque'}

/** A string type with a name of its own. */
export function text(name: string): ScalarType {
  return {kind: 'string', name}
}
/** A list of `of`. */
export function list(of: GoType): ListType {
  return {kind: 'list', of}
}
/** A map from strings to `of`. */
export function map(of: GoType, name?: string): MapType {
  return {kind: 'map', of, ...(name !== undefined && {name})}
}
/** A pointer to `to`. */
export function pointer(to: GoType): PointerType {
  return {kind: 'pointer', to}
}

/** Marks a field that is encoded even when it is zero. */
export function always(type: GoType): {readonly always: GoType} {
  return {always: type}
}
/** Marks a struct whose fields appear in the struct around it. */
export function embedded(type: StructType): {readonly embedded: StructType} {
  return {embedded: type}
}

type FieldSpec = GoType | {readonly always: GoType} | {readonly embedded: StructType}

/** Declares a struct: JSON names and types in Go's order; the name of an embedded one does not matter. */
export function struct(name: string, specs: Readonly<Record<string, FieldSpec>>): StructType {
  const fields = Object.entries(specs).map(([json, spec]) => declare(json, spec))
  const byJson = new Map<string, FieldPlace>()
  for (const field of fields) {
    if (!('embedded' in field)) byJson.set(field.json, {field, via: []})
    else {
      for (const [json, place] of field.embedded.byJson) {
        byJson.set(json, {field: place.field, via: [field.go, ...place.via]})
      }
    }
  }
  return {kind: 'struct', name, fields, byJson}
}

function declare(json: string, spec: FieldSpec): GoField | EmbeddedField {
  if ('embedded' in spec) return {go: bareName(spec.embedded), embedded: spec.embedded}
  if ('always' in spec) return {json, type: spec.always, always: true}
  return {json, type: spec, always: false}
}

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
