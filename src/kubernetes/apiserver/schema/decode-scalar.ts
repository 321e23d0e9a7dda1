import {formatQuantity, parseQuantity} from '../../../util/quantity.ts'
import {cloneJson} from '../json-value.ts'
import type {ScalarType} from './builtin-types.ts'

/** Thrown for a value of another JSON type; `found` says more than the type where that helps. */
export class WrongType extends Error {
  readonly found: string | undefined

  constructor(found?: string) {
    super('the value has the wrong type')
    this.found = found
  }
}

/**
 * A value of a scalar type in the form Go writes it: times in UTC, quantities canonical.
 *
 * Throws a {@link WrongType}, or an Error with Go's text for a value that cannot be read.
 */
export function decodeScalar(item: unknown, kind: ScalarType): unknown {
  return DECODERS[kind](item)
}

const DECODERS: Readonly<Record<ScalarType, (item: unknown) => unknown>> = {
  string: text,
  bool(item) {
    if (typeof item !== 'boolean') throw new WrongType()
    return item
  },
  int32: (item) => integer(item, 2_147_483_647),
  int64: (item) => integer(item, Number.MAX_SAFE_INTEGER),
  double(item) {
    if (typeof item !== 'number') throw new WrongType()
    return item
  },
  time: (item) => time(text(item)),
  microTime: (item) => microTime(text(item)),
  bytes: (item) => base64(text(item)),
  quantity: (item) => canonicalQuantity(typeof item === 'string' ? item : JSON.stringify(item)),
  intOrString(item) {
    if (typeof item === 'string' || Number.isInteger(item)) return item
    throw new WrongType()
  },
  any: (item) => cloneJson(item),
}

function text(item: unknown): string {
  if (typeof item !== 'string') throw new WrongType()
  return item
}

function integer(item: unknown, largest: number): number {
  if (typeof item !== 'number') throw new WrongType()
  if (!Number.isInteger(item) || Math.abs(item) > largest) throw new WrongType(`number ${item}`)
  return item
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)$/

function milliseconds(value: string): number {
  const timeMs = RFC_3339.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(timeMs)) {
    const quoted = JSON.stringify(value)
    throw new Error(
      `parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${quoted} as "2006"`,
    )
  }
  return timeMs
}

function seconds(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19)
}

function time(value: string): string {
  const timeMs = milliseconds(value)
  // A text of this length is in the wanted form already.
  return value.length === 20 ? value : `${seconds(timeMs)}Z`
}

function microTime(value: string): string {
  const timeMs = milliseconds(value)
  const fraction = RFC_3339.exec(value)?.[1] ?? ''
  return `${seconds(timeMs)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`
}

function base64(value: string): string {
  const clean = value.replace(/[\r\n]/g, '')
  const bad = /[^A-Za-z0-9+/]/.exec(clean.replace(/={0,2}$/, ''))
  const rest = clean.length % 4
  if (bad !== null || rest !== 0) {
    throw new Error(`illegal base64 data at input byte ${bad?.index ?? clean.length - rest}`)
  }
  return value
}

const canonicalQuantities = new Map<string, string>()

/** Remembers the few texts that all pods of a cluster share. */
function canonicalQuantity(value: string): string {
  const known = canonicalQuantities.get(value)
  if (known !== undefined) return known
  const canonical = formatQuantity(parseQuantity(value))
  if (canonicalQuantities.size < 1000) canonicalQuantities.set(value, canonical)
  return canonical
}
