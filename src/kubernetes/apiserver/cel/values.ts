import {compareQuantities, type Quantity} from '../../../util/quantity.ts'

/** A value of an expression. Integers are bigints, doubles numbers; objects and maps are Maps. */
export type CelValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | readonly CelValue[]
  | CelMap
  | CelTimestamp
  | CelDuration
  | CelQuantity
  | CelUrl
  | CelOptional

/** A map, or an object with its fields. */
export type CelMap = ReadonlyMap<string | number | bigint | boolean, CelValue>

/** A function by the values of its operands. Throws a {@link CelError}. */
export type CelFunction = (...operands: CelValue[]) => CelValue

/** A point in time. */
export class CelTimestamp {
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
}

/** A span of time. */
export class CelDuration {
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
}

/** An amount, such as `1500m`. */
export class CelQuantity {
  readonly quantity: Quantity
  constructor(quantity: Quantity) {
    this.quantity = quantity
  }
}

/** A URL that `url()` made. */
export class CelUrl {
  readonly url: URL
  constructor(url: URL) {
    this.url = url
  }
}

/** A value that may be missing. */
export class CelOptional {
  readonly value: CelValue | undefined
  constructor(value: CelValue | undefined) {
    this.value = value
  }
}

/** What went wrong while an expression was evaluated, in the words of cel-go. */
export class CelError extends Error {
  override readonly name = 'CelError'
}

/** The operator or function does not go with these values. */
export function noOverload(): CelError {
  return new CelError('no such overload')
}

/** Whether a value is true; it must be a boolean. */
export function asBoolean(value: CelValue): boolean {
  if (typeof value !== 'boolean') throw noOverload()
  return value
}

/** The name of the type of a value. */
export function typeName(value: CelValue): string {
  if (value === null) return 'null_type'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Map) return 'map'
  if (value instanceof CelTimestamp) return 'google.protobuf.Timestamp'
  if (value instanceof CelDuration) return 'google.protobuf.Duration'
  if (value instanceof CelOptional) return 'optional_type'
  if (value instanceof CelUrl) return 'kubernetes.URL'
  if (value instanceof CelQuantity) return 'kubernetes.Quantity'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'int'
  return typeof value === 'number' ? 'double' : 'string'
}

/** Is told of each pair that is compared, to stop when they are too many. */
export type Charge = (units: number) => void

/** Whether two values are equal; values of different types are not, numbers aside. */
export function celEqual(left: CelValue, right: CelValue, charge?: Charge): boolean {
  charge?.(1)
  if (isNumeric(left) && isNumeric(right)) {
    return typeof left === typeof right ? left === right : Number(left) === Number(right)
  }
  if (isList(left) && isList(right)) {
    return (
      left.length === right.length &&
      left.every((item, at) => celEqual(item, right[at] ?? null, charge))
    )
  }
  if (left instanceof Map && right instanceof Map) {
    if (left.size !== right.size) return false
    for (const [key, value] of left as CelMap) {
      const other = (right as CelMap).get(key)
      if (other === undefined || !celEqual(value, other, charge)) return false
    }
    return true
  }
  if (left instanceof CelOptional && right instanceof CelOptional) {
    if (left.value === undefined || right.value === undefined) return left.value === right.value
    return celEqual(left.value, right.value, charge)
  }
  if (typeName(left) === typeName(right) && isOrdered(left)) return celCompare(left, right) === 0
  return left === right
}

/** Negative, zero or positive. Throws where the values have no order. */
export function celCompare(left: CelValue, right: CelValue): number {
  if (isNumeric(left) && isNumeric(right)) return left < right ? -1 : left > right ? 1 : 0
  if (typeName(left) !== typeName(right)) throw noOverload()
  if (left instanceof CelQuantity && right instanceof CelQuantity) {
    return compareQuantities(left.quantity, right.quantity)
  }
  if (isTime(left) && isTime(right)) return left.ms - right.ms
  if (typeof left === 'string' && typeof right === 'string') return order(left, right)
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right)
  throw noOverload()
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** Whether the value is a number, whole or not. */
function isNumeric(value: CelValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** Whether the value is a list. */
export function isList(value: CelValue): value is readonly CelValue[] {
  return Array.isArray(value)
}

function isTime(value: CelValue): value is CelTimestamp | CelDuration {
  return value instanceof CelTimestamp || value instanceof CelDuration
}

function isOrdered(value: CelValue): boolean {
  return isTime(value) || value instanceof CelQuantity
}

/** The operand if it is a string. */
export function asText(value: CelValue | undefined): string {
  if (typeof value !== 'string') throw noOverload()
  return value
}

/** The operand if it is an integer, as a number. */
export function asIndex(value: CelValue | undefined): number {
  if (typeof value !== 'bigint') throw noOverload()
  return Number(value)
}

/** The operand if it is a list. */
export function asList(value: CelValue | undefined): readonly CelValue[] {
  if (value === undefined || !isList(value)) throw noOverload()
  return value
}
