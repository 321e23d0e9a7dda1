import {compareQuantities, parseQuantity, type Quantity} from '../../../util/quantity.ts'
import {
  asText,
  CelError,
  CelQuantity,
  type CelValue,
  noOverload,
  type CelFunction,
} from './values.ts'

const NANO = 1_000_000_000n

/** No amount has so many digits, and to make a number of them takes more than linear time. */
const MAX_LENGTH = 1000

function parse(text: string): CelQuantity | undefined {
  if (text.length > MAX_LENGTH) return undefined
  try {
    return new CelQuantity(parseQuantity(text))
  } catch {
    return undefined
  }
}

function amount(value: CelValue | undefined): Quantity {
  if (!(value instanceof CelQuantity)) throw noOverload()
  return value.quantity
}

function compare(left: CelValue | undefined, right: CelValue | undefined): number {
  return compareQuantities(amount(left), amount(right))
}

/** Functions of amounts such as `1500m`. */
export const QUANTITY_FUNCTIONS: Readonly<Record<string, CelFunction>> = {
  isQuantity: (text) => parse(asText(text)) !== undefined,
  quantity: (text) => {
    const quantity = parse(asText(text))
    if (quantity === undefined) throw new CelError('quantities must match the regular expression')
    return quantity
  },
  sign: (value) => BigInt(amount(value).nano === 0n ? 0 : amount(value).nano < 0n ? -1 : 1),
  isInteger: (value) => amount(value).nano % NANO === 0n,
  asInteger: (value) => {
    const {nano} = amount(value)
    if (nano % NANO !== 0n) throw new CelError('cannot convert value to integer')
    return nano / NANO
  },
  asApproximateFloat: (value) => Number(amount(value).nano) / Number(NANO),
  compareTo: (left, right) => BigInt(Math.sign(compare(left, right))),
  isGreaterThan: (left, right) => compare(left, right) > 0,
  isLessThan: (left, right) => compare(left, right) < 0,
}
