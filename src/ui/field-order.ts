/**
 * The order in which Go prints the fields of an object: that of its structs, where kubectl and kn
 * print one object as JSON. Maps, and fields that no struct here has, come in alphabetical order.
 */
import type {GoType} from '../api/go-types/go-type.ts'
import {KIND_TYPES, OBJECT_META} from '../api/go-types/serving.ts'
import {STATUS_TYPES} from '../api/go-types/status.ts'
import {isJsonObject, type JsonObject} from '../util/json.ts'

/** What every object begins with, and lists of them. */
const OBJECT_FIELDS = ['kind', 'apiVersion', 'metadata', 'spec', 'items', 'status']

const SPECS: Readonly<
  Record<string, {readonly byJson: ReadonlyMap<string, {field: {type: GoType}}>}>
> = KIND_TYPES
const STATUSES: Readonly<Record<string, GoType>> = STATUS_TYPES

/** A copy of an object of Serving, or of a list or export of them, with its fields in Go's order. */
export function inFieldOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inFieldOrder)
  if (!isJsonObject(value)) return value
  const kind = String(value['kind'])
  return ordered(value, OBJECT_FIELDS, (name, item) => {
    switch (name) {
      case 'metadata':
        return reorder(item, OBJECT_META)
      case 'spec':
        return kind === 'Export' ? exported(item) : reorder(item, specOf(kind))
      case 'status':
        return reorder(item, STATUSES[kind])
      default:
        return name === 'items' ? inFieldOrder(item) : reorder(item, undefined)
    }
  })
}

function specOf(kind: string): GoType | undefined {
  return SPECS[kind]?.byJson.get('spec')?.field.type
}

/** The spec of an export holds whole objects. */
function exported(spec: unknown): unknown {
  return isJsonObject(spec)
    ? ordered(spec, ['service', 'revisions'], (_, item) => inFieldOrder(item))
    : spec
}

function reorder(value: unknown, type: GoType | undefined): unknown {
  if (type?.kind === 'pointer') return reorder(value, type.to)
  if (Array.isArray(value)) {
    const of = type?.kind === 'list' ? type.of : undefined
    return value.map((item) => reorder(item, of))
  }
  if (!isJsonObject(value)) return value
  const fields = type?.kind === 'struct' ? type.byJson : undefined
  return ordered(value, [...(fields?.keys() ?? [])], (name, item) =>
    reorder(item, fields?.get(name)?.field.type),
  )
}

function ordered(
  object: JsonObject,
  first: readonly string[],
  inside: (name: string, item: unknown) => unknown,
): JsonObject {
  const rest = Object.keys(object)
    .filter((name) => !first.includes(name))
    .toSorted()
  const names = [...first.filter((name) => name in object), ...rest]
  return Object.fromEntries(names.map((name) => [name, inside(name, object[name])]))
}
