/** Words to declare Go types with. What a declaration is good for is said at {@link GoType}. */
import {
  bareName,
  type EmbeddedField,
  type FieldFacts,
  type GoField,
  type GoType,
  type ListType,
  type MapType,
  type OpaqueType,
  type PointerType,
  type ScalarType,
  type StructFacts,
  type StructType,
} from './go-type.ts'

/** The TypeScript type of what a declared type holds. */
export type ValueOf<Type extends GoType> = Type extends GoType<infer Value> ? Value : never

export const STRING: ScalarType<string> = {kind: 'string', name: 'string'}
export const BOOLEAN: ScalarType<boolean> = {kind: 'boolean', name: 'bool'}
export const INT: ScalarType<number> = {kind: 'integer', name: 'int'}
export const INT32: ScalarType<number> = {kind: 'integer', name: 'int32'}
export const INT64: ScalarType<number> = {kind: 'integer', name: 'int64'}
export const DURATION: ScalarType<number> = {kind: 'integer', name: 'time.Duration'}
export const QUANTITY: ScalarType<string> = {kind: 'quantity', name: 'resource.Quantity'}
export const INT_OR_STRING: ScalarType<number | string> = {
  kind: 'intOrString',
  name: 'intstr.IntOrString',
}
export const TIME: ScalarType<string> = {kind: 'time', name: 'v1.Time'}
export const OPAQUE: OpaqueType = {kind: 'opaque'}

/** A string type with a name of its own, and with the words it may be where nothing else is stored. */
export function text<Words extends string = string>(name: string): ScalarType<Words> {
  return {kind: 'string', name}
}
/** A list of `of`. */
export function list<Type extends GoType>(of: Type): ListType<ValueOf<Type>[]> {
  return {kind: 'list', of}
}
/** A map from strings to `of`. */
export function map<Type extends GoType>(
  of: Type,
  name?: string,
): MapType<Record<string, ValueOf<Type>>> {
  return {kind: 'map', of, ...(name !== undefined && {name})}
}
/** A pointer to `to`. */
export function pointer<Type extends GoType>(to: Type): PointerType<ValueOf<Type>> {
  return {kind: 'pointer', to}
}

interface Declared<Type extends GoType> {
  readonly declared: {readonly type: Type} & Omit<GoField, 'json' | 'type' | 'always'>
}
interface Always<Type extends GoType, Facts> extends Declared<Type> {
  readonly always: true
  readonly facts?: Facts
}
interface Embedded<Type extends StructType> {
  readonly embedded: Type
}

/** A field with what `kubectl explain` says about it and what its type does not say. */
export function field<Type extends GoType>(
  type: Type,
  description?: string,
  facts?: FieldFacts,
): Declared<Type> {
  return {
    declared: {type, listed: true, ...(description !== undefined && {description}), ...facts},
  }
}
/** A field that is encoded even when it is zero. */
export function always<Type extends GoType, const Facts extends FieldFacts = object>(
  type: Type,
  description?: string,
  facts?: Facts,
): Always<Type, Facts> {
  return {...field(type, description, facts), always: true}
}
/** A field that no schema lists and that the webhook refuses: it is known to be decoded and printed. */
export function unlisted<Type extends GoType>(type: Type): Declared<Type> {
  return {declared: {type, listed: false}}
}
/** A struct whose fields appear in the struct around it. */
export function embedded<Type extends StructType>(type: Type): Embedded<Type> {
  return {embedded: type}
}

/** A bare type is a field without a text, which that of its struct stands in for. */
type FieldSpec = GoType | Declared<GoType> | Always<GoType, FieldFacts> | Embedded<StructType>

/** Declares a struct: JSON names and types in Go's order; the name of an embedded one does not matter. */
export function struct<Specs extends Readonly<Record<string, FieldSpec>>>(
  name: string,
  specs: Specs,
  facts?: StructFacts,
): StructType<StructValue<Specs>> {
  const fields = Object.entries(specs).map(([json, spec]) => declare(json, spec))
  const byJson = new Map<string, {field: GoField; via: readonly string[]}>()
  for (const one of fields) {
    if (!('embedded' in one)) byJson.set(one.json, {field: one, via: []})
    else {
      for (const [json, place] of one.embedded.byJson) {
        byJson.set(json, {field: place.field, via: [one.go, ...place.via]})
      }
    }
  }
  return {kind: 'struct', name, fields, byJson, ...facts}
}

function declare(json: string, spec: FieldSpec): GoField | EmbeddedField {
  if ('embedded' in spec) return {go: bareName(spec.embedded), embedded: spec.embedded}
  if ('declared' in spec) return {json, ...spec.declared, always: 'always' in spec}
  return {json, type: spec, always: false, listed: true}
}

type StructValue<Specs> = Flat<
  {
    [Name in keyof Specs as IsPresent<Specs[Name]> extends true ? Name : never]: FieldValue<
      Specs[Name]
    >
  } & {
    [Name in keyof Specs as IsPresent<Specs[Name]> extends false ? Name : never]?: FieldValue<
      Specs[Name]
    >
  } & EmbeddedValues<Specs>
>
// What is always written is there, unless people may leave it out; structs are there even then.
type IsPresent<Spec> =
  Spec extends Embedded<StructType>
    ? undefined
    : Spec extends Always<StructType, unknown>
      ? true
      : Spec extends Always<PointerType, unknown> | Always<GoType, {optional: true}>
        ? false
        : Spec extends Always<GoType, unknown>
          ? true
          : false
type FieldValue<Spec> =
  Spec extends Declared<infer Type> ? ValueOf<Type> : Spec extends GoType ? ValueOf<Spec> : never
type EmbeddedValues<Specs> = Together<
  {
    [Name in keyof Specs]: Specs[Name] extends Embedded<infer Type>
      ? (value: ValueOf<Type>) => void
      : never
  }[keyof Specs]
>
type Together<Functions> = [Functions] extends [never]
  ? unknown
  : [Functions] extends [(value: infer All) => void]
    ? All
    : never
// As one type of its own where an editor shows it.
type Flat<Type> = {[Name in keyof Type]: Type[Name]} & {}
