/** Functions and methods by name. A method gets what stands before its dot as the first operand. */
import {messageOf} from '../../../util/message-of.ts'
import {parseDuration} from '../../../util/duration.ts'
import {LIST_FUNCTIONS} from './list-functions.ts'
import {QUANTITY_FUNCTIONS} from './quantity-functions.ts'
import {STRING_FUNCTIONS} from './string-functions.ts'
import {TIME_FUNCTIONS} from './time-functions.ts'
import {URL_FUNCTIONS} from './url-functions.ts'
import {
  CelDuration,
  CelError,
  type CelFunction,
  CelOptional,
  CelTimestamp,
  type CelMap,
  type CelValue,
  isList,
  noOverload,
  typeName,
} from './values.ts'
import {checkedInt} from './operators.ts'

/** Characters, as Go counts them. */
function runeCount(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function size(value: CelValue): bigint {
  if (typeof value === 'string') return BigInt(runeCount(value))
  if (isList(value)) return BigInt(value.length)
  if (value instanceof Map) return BigInt((value as CelMap).size)
  throw noOverload()
}

function toInt(value: CelValue): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isFinite(value))
    return checkedInt(BigInt(Math.trunc(value)))
  if (typeof value === 'string' && /^[+-]?\d{1,19}$/.test(value)) return checkedInt(BigInt(value))
  if (value instanceof CelTimestamp) return BigInt(Math.floor(value.ms / 1000))
  throw noOverload()
}

function toDouble(value: CelValue): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) {
    return Number(value)
  }
  throw noOverload()
}

function toText(value: CelValue): string {
  if (typeof value === 'string') return value
  if (value instanceof CelTimestamp) return new Date(value.ms).toISOString().replace('.000Z', 'Z')
  if (value instanceof CelDuration) return `${value.ms / 1000}s`
  if (value === null || typeof value === 'object') throw noOverload()
  return String(value)
}

function toBoolean(value: CelValue): boolean {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  throw noOverload()
}

function toDuration(value: CelValue): CelDuration {
  if (value instanceof CelDuration) return value
  if (typeof value !== 'string') throw noOverload()
  try {
    return new CelDuration(parseDuration(value))
  } catch (error) {
    throw new CelError(messageOf(error))
  }
}

function toTimestamp(value: CelValue): CelTimestamp {
  if (value instanceof CelTimestamp) return value
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(ms)) throw new CelError(`invalid timestamp: ${toText(value)}`)
  return new CelTimestamp(ms)
}

function optionalOf(value: CelValue): CelOptional {
  if (!(value instanceof CelOptional)) throw noOverload()
  return value
}

/** Every function that expressions may call, macros apart. */
export const FUNCTIONS: Readonly<Record<string, CelFunction>> = {
  size: (value) => size(value ?? null),
  type: (value) => typeName(value ?? null),
  dyn: (value) => value ?? null,
  int: (value) => toInt(value ?? null),
  uint: (value) => toInt(value ?? null),
  double: (value) => toDouble(value ?? null),
  string: (value) => toText(value ?? null),
  bool: (value) => toBoolean(value ?? null),
  duration: (value) => toDuration(value ?? null),
  timestamp: (value) => toTimestamp(value ?? null),
  hasValue: (value) => optionalOf(value ?? null).value !== undefined,
  value: (value) => {
    const {value: inner} = optionalOf(value ?? null)
    if (inner === undefined) throw new CelError('optional.none() dereference')
    return inner
  },
  orValue: (value, other) => optionalOf(value ?? null).value ?? other ?? null,
  or: (value, other) =>
    optionalOf(value ?? null).value === undefined ? (other ?? null) : (value ?? null),
  ...STRING_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...URL_FUNCTIONS,
  ...QUANTITY_FUNCTIONS,
  ...TIME_FUNCTIONS,
}
