import type {BinaryOperator} from './ast.ts'
import {type CelBudget, sizeOf} from './cost.ts'
import {
  CelDuration,
  CelError,
  CelTimestamp,
  celCompare,
  celEqual,
  type Charge,
  type CelMap,
  type CelValue,
  isList,
  noOverload,
} from './values.ts'

/** The operators whose operands are both needed. */
export type StrictOperator = Exclude<BinaryOperator, '&&' | '||'>

/** The result of an operator. Throws a {@link CelError} or a `CelCostError`. */
export function applyOperator(
  operator: StrictOperator,
  left: CelValue,
  right: CelValue,
  budget: CelBudget,
): CelValue {
  const charge = (units: number): void => budget.charge(units)
  charge(sizeOf(left) + sizeOf(right))
  switch (operator) {
    case '==':
      return celEqual(left, right, charge)
    case '!=':
      return !celEqual(left, right, charge)
    case '<':
      return celCompare(left, right) < 0
    case '<=':
      return celCompare(left, right) <= 0
    case '>':
      return celCompare(left, right) > 0
    case '>=':
      return celCompare(left, right) >= 0
    case 'in':
      return isIn(left, right, charge)
    case '+':
      return addValues(left, right)
    case '-':
      return subtract(left, right)
    case '*':
    case '/':
    case '%':
      return scale(operator, left, right)
  }
}

function isIn(item: CelValue, collection: CelValue, charge: Charge): boolean {
  if (isList(collection)) return collection.some((each) => celEqual(each, item, charge))
  if (!(collection instanceof Map)) throw noOverload()
  for (const key of (collection as CelMap).keys()) if (celEqual(key, item, charge)) return true
  return false
}

/** The sum of two numbers, texts, lists or times. Throws a {@link CelError}. */
export function addValues(left: CelValue, right: CelValue): CelValue {
  if (typeof left === 'bigint' && typeof right === 'bigint') return checkedInt(left + right)
  if (typeof left === 'number' && typeof right === 'number') return left + right
  if (typeof left === 'string' && typeof right === 'string') return left + right
  if (isList(left) && isList(right)) return left.concat(right)
  if (left instanceof CelDuration && right instanceof CelDuration) {
    return new CelDuration(left.ms + right.ms)
  }
  if (left instanceof CelTimestamp && right instanceof CelDuration) {
    return new CelTimestamp(left.ms + right.ms)
  }
  if (left instanceof CelDuration && right instanceof CelTimestamp) return addValues(right, left)
  throw noOverload()
}

function subtract(left: CelValue, right: CelValue): CelValue {
  if (typeof left === 'bigint' && typeof right === 'bigint') return checkedInt(left - right)
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (left instanceof CelTimestamp && right instanceof CelTimestamp) {
    return new CelDuration(left.ms - right.ms)
  }
  if (left instanceof CelTimestamp && right instanceof CelDuration) {
    return new CelTimestamp(left.ms - right.ms)
  }
  if (left instanceof CelDuration && right instanceof CelDuration) {
    return new CelDuration(left.ms - right.ms)
  }
  throw noOverload()
}

function scale(operator: '*' | '/' | '%', left: CelValue, right: CelValue): CelValue {
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    if (operator === '*') return checkedInt(left * right)
    if (right === 0n) throw new CelError(operator === '/' ? 'division by zero' : 'modulus by zero')
    return operator === '/' ? left / right : left % right
  }
  if (typeof left === 'number' && typeof right === 'number' && operator !== '%') {
    return operator === '*' ? left * right : left / right
  }
  throw noOverload()
}

/** An integer that fits into 64 bits. */
export function checkedInt(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new CelError('integer overflow')
  return value
}
