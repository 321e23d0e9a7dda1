/**
 * Prints JSON values as Go prints the values they decode into, with `%+v`.
 *
 * Go mixes two styles: structs behind a pointer print themselves (`&Probe{Exec:nil,…,}`), because
 * the Kubernetes types come with such a method; all others print as `{Name:a Value:b}`.
 */
import {parseQuantity} from '../../util/quantity.ts'
import {
  bareName,
  type EmbeddedField,
  type GoField,
  type GoType,
  type StructType,
} from './go-type.ts'

/** Structs that print their fields in another order than they declare them. */
const PRINT_ORDER: Readonly<Record<string, readonly string[]>> = {
  'v1.SecurityContext': [
    'Capabilities',
    'Privileged',
    'SELinuxOptions',
    'RunAsUser',
    'RunAsNonRoot',
    'ReadOnlyRootFilesystem',
    'AllowPrivilegeEscalation',
    'RunAsGroup',
    'ProcMount',
    'WindowsOptions',
    'SeccompProfile',
  ],
  'v1.PodSecurityContext': [
    'SELinuxOptions',
    'RunAsUser',
    'RunAsNonRoot',
    'SupplementalGroups',
    'FSGroup',
    'RunAsGroup',
    'Sysctls',
    'WindowsOptions',
    'FSGroupChangePolicy',
    'SeccompProfile',
  ],
}

/** An address: Go prints pointers to plain values as such, and never the same twice. */
const SOME_ADDRESS = '0xc000000000'

/** A value with `%+v`. An absent pointer, list or map is undefined or null. */
export function formatGo(type: GoType, value: unknown): string {
  switch (type.kind) {
    case 'pointer':
      if (type.to.kind === 'struct') return formatMethod(type.to, value, '&')
      if (isNil(value)) return type.to.kind === 'quantity' ? 'nil' : '<nil>'
      return type.to.kind === 'quantity' ? formatScalar(value) : SOME_ADDRESS
    case 'struct':
      return `{${type.fields.map((field) => formatField(field, value)).join(' ')}}`
    case 'list':
      return `[${items(value)
        .map((item) => formatGo(type.of, item))
        .join(' ')}]`
    case 'map':
      return `map[${entries(value)
        .map(([key, item]) => `${key}:${formatGo(type.of, item)}`)
        .join(' ')}]`
    case 'quantity':
      return formatQuantityStruct(value)
    case 'intOrString':
      return formatIntOrString(value, true)
    case 'time':
      return isNil(value) ? '0001-01-01 00:00:00 +0000 UTC' : formatScalar(value)
    case 'opaque':
      return 'nil'
    case 'string':
    case 'boolean':
    case 'integer':
      return isNil(value) ? zero(type.kind) : formatScalar(value)
  }
}

function formatField(field: GoField | EmbeddedField, struct: unknown): string {
  if ('embedded' in field) return `${field.go}:${formatGo(field.embedded, struct)}`
  return `${field.go}:${formatGo(field.type, get(struct, field.json))}`
}

/** As the struct's own method prints it. */
function formatMethod(type: StructType, value: unknown, prefix: '&' | ''): string {
  if (isNil(value)) return 'nil'
  const order = PRINT_ORDER[type.name]
  const fields = type.fields.toSorted((a, b) =>
    order === undefined ? 0 : order.indexOf(a.go) - order.indexOf(b.go),
  )
  const inside = fields.map((field) => {
    if ('embedded' in field) return `${field.go}:${formatMethod(field.embedded, value, '')},`
    return `${field.go}:${formatInMethod(field.type, get(value, field.json))},`
  })
  return `${prefix}${bareName(type)}{${inside.join('')}}`
}

function formatInMethod(type: GoType, value: unknown): string {
  if (type.kind === 'pointer' && type.to.kind !== 'struct' && type.to.kind !== 'quantity') {
    return isNil(value) ? 'nil' : `*${formatScalar(value)}`
  }
  if (type.kind === 'struct') return formatMethod(type, value ?? {}, '')
  if (type.kind === 'list' && type.of.kind === 'struct') {
    const of = type.of
    const inside = items(value).map((item) => `${formatMethod(of, item, '')},`)
    return `[]${bareName(of)}{${inside.join('')}}`
  }
  if (type.kind === 'map') {
    const inside = entries(value).map(([key, item]) => `${key}: ${formatScalar(item)},`)
    return `map[string]string{${inside.join('')}}`
  }
  return type.kind === 'intOrString' ? formatIntOrString(value, false) : formatGo(type, value)
}

function formatIntOrString(value: unknown, named: boolean): string {
  const parts =
    typeof value === 'string'
      ? ['1', '0', value]
      : ['0', typeof value === 'number' ? String(value) : '0', '']
  if (!named) return `{${parts.join(' ')}}`
  return `{Type:${parts[0]} IntVal:${parts[1]} StrVal:${parts[2]}}`
}

/** A quantity's fields: Go's method prints only pointers to quantities, and maps hold no pointers. */
function formatQuantityStruct(value: unknown): string {
  const text = typeof value === 'string' ? value : '0'
  const {nano, format} = parseQuantity(text)
  const [, digits = '0', suffix = ''] = /^(-?[0-9]+)(.*)$/.exec(text) ?? []
  const isBinary = format === 'BinarySI'
  const amount = isBinary ? nano / 1_000_000_000n : digits
  const scale = isBinary ? 0 : (SCALES[suffix] ?? 0)
  // Go keeps the text where it is sure that printing would give the same.
  const isKept = isBinary ? BigInt(digits) % 8n !== 0n : !digits.endsWith('000')
  return `{i:{value:${amount} scale:${scale}} d:{Dec:<nil>} s:${isKept ? text : ''} Format:${format}}`
}

const SCALES: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}

function zero(kind: 'string' | 'boolean' | 'integer'): string {
  return kind === 'string' ? '' : kind === 'boolean' ? 'false' : '0'
}

function formatScalar(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** Whether a pointer, list or map is absent. */
export function isNil(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

/** A field of a value that may be absent itself. */
export function get(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/** The items of a list that may be absent. */
export function items(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The entries of a map that may be absent, by key. */
export function entries(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
