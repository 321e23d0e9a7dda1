import type {CelNode} from './ast.ts'
import {type CelBudget, ERROR_COST} from './cost.ts'
import {fieldName, type Scope} from './scope.ts'
import {
  asBoolean,
  CelError,
  type CelMap,
  CelOptional,
  type CelValue,
  isList,
  noOverload,
} from './values.ts'

type CallNode = CelNode & {kind: 'call'}
/** Gives an expression its value. */
export type Evaluate = (node: CelNode, scope: Scope | undefined) => CelValue

/** Where a macro stands. */
interface MacroContext {
  readonly scope: Scope | undefined
  readonly evaluate: Evaluate
  readonly budget: CelBudget
}

/** How many arguments the macros of lists and maps take. */
const COMPREHENSIONS: Readonly<Record<string, readonly number[]>> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  existsOne: [2],
  filter: [2],
  map: [2, 3],
  optMap: [2],
  optFlatMap: [2],
}

/** Whether a call is one that looks at its arguments before they have values. */
export function isMacro({name, target, args}: CallNode): boolean {
  if (target === undefined) return name === 'has' && args.length === 1
  return Object.hasOwn(COMPREHENSIONS, name) && COMPREHENSIONS[name]?.includes(args.length) === true
}

/** The value of a macro. Throws a CelError. */
export function evaluateMacro(node: CallNode, {scope, evaluate, budget}: MacroContext): CelValue {
  const {name, target, args} = node
  const [first, second, third] = args
  if (target === undefined) return isPresent(first, scope, evaluate)
  if (first?.kind !== 'name' || second === undefined) throw noOverload()
  const collection = evaluate(target, scope)
  const inner = (value: CelValue): Scope => ({name: first.name, value, outer: scope})
  const test = (value: CelValue): boolean => asBoolean(evaluate(second, inner(value)))
  if (collection instanceof CelOptional) {
    if (collection.value === undefined) return collection
    const made = evaluate(second, inner(collection.value))
    return name === 'optFlatMap' ? made : new CelOptional(made)
  }
  const items = itemsOf(collection)
  switch (name) {
    case 'all':
      return decideAll(items, test, {decisive: false, budget})
    case 'exists':
      return decideAll(items, test, {decisive: true, budget})
    case 'exists_one':
    case 'existsOne':
      return items.filter(test).length === 1
    case 'filter':
      return items.filter(test)
    default: {
      const chosen = third === undefined ? items : items.filter(test)
      return chosen.map((value) => evaluate(third ?? second, inner(value)))
    }
  }
}

/** One item that decides makes up for others that have no value. */
function decideAll(
  items: readonly CelValue[],
  test: (value: CelValue) => boolean,
  {decisive, budget}: {readonly decisive: boolean; readonly budget: CelBudget},
): boolean {
  let failure: CelError | undefined
  for (const item of items) {
    try {
      if (test(item) === decisive) return decisive
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      budget.charge(ERROR_COST)
      failure ??= error
    }
  }
  if (failure !== undefined) throw failure
  return !decisive
}

/** `has(a.b)`: whether `a` has a field `b`. */
function isPresent(
  node: CelNode | undefined,
  scope: Scope | undefined,
  evaluate: Evaluate,
): boolean {
  if (node?.kind !== 'select') throw noOverload()
  const target = evaluate(node.target, scope)
  const value = target instanceof CelOptional ? target.value : target
  if (value === undefined) return false
  if (!(value instanceof Map)) throw noOverload()
  return (value as CelMap).has(fieldName(node.field))
}

function itemsOf(collection: CelValue): readonly CelValue[] {
  if (isList(collection)) return collection
  if (collection instanceof Map) return [...(collection as CelMap).keys()]
  throw noOverload()
}
