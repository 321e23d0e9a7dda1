import {addValues} from './operators.ts'
import {
  asList,
  celCompare,
  celEqual,
  CelError,
  type CelValue,
  isList,
  type CelFunction,
} from './values.ts'

/** Where an item is in a list; -1 where it is not. */
export function indexInList(list: readonly CelValue[], item: CelValue, last: boolean): bigint {
  const test = (each: CelValue): boolean => celEqual(each, item)
  return BigInt(last ? list.findLastIndex(test) : list.findIndex(test))
}

function extreme(name: string, sign: 1 | -1): CelFunction {
  return (...operands) => {
    const [first] = operands
    const items = operands.length === 1 && first !== undefined && isList(first) ? first : operands
    if (items.length === 0) throw new CelError(`${name} called on empty list`)
    return items.reduce((best, item) => (celCompare(item, best) * sign > 0 ? item : best))
  }
}

function sum(list: readonly CelValue[]): CelValue {
  const [first, ...rest] = list
  if (first === undefined) return 0n
  return rest.reduce((total, item) => addValues(total, item), first)
}

/** Functions of lists. */
export const LIST_FUNCTIONS: Readonly<Record<string, CelFunction>> = {
  isSorted: (list) => {
    const items = asList(list)
    return items.every((item, at) => at === 0 || celCompare(items[at - 1] ?? null, item) <= 0)
  },
  sum: (list) => sum(asList(list)),
  min: extreme('min', -1),
  max: extreme('max', 1),
  distinct: (list) =>
    asList(list).filter((item, at, all) => all.findIndex((other) => celEqual(other, item)) === at),
  flatten: (list) => asList(list).flatMap((item) => (isList(item) ? item : [item])),
  sort: (list) => asList(list).toSorted(celCompare),
}
