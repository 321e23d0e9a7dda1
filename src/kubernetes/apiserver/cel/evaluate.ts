import type {CelNode} from './ast.ts'
import {callCost, type CelBudget, ERROR_COST, ITERATION_COST, patternCost} from './cost.ts'
import {FUNCTIONS} from './functions.ts'
import {type Evaluate, evaluateMacro, isMacro} from './macros.ts'
import {applyOperator, checkedInt} from './operators.ts'
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

/** The value of an expression. Throws a {@link CelError} or a `CelCostError`. */
export function evaluate(node: CelNode, scope: Scope | undefined, budget: CelBudget): CelValue {
  budget.charge(1)
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'name':
      return lookUp(node.name, scope)
    case 'list':
      return node.items.map((item) => evaluate(item, scope, budget))
    case 'map':
      return new Map(
        node.entries.map(([key, value]) => [
          keyOf(evaluate(key, scope, budget)),
          evaluate(value, scope, budget),
        ]),
      )
    case 'not':
      return !asBoolean(evaluate(node.operand, scope, budget))
    case 'negate':
      return negate(evaluate(node.operand, scope, budget))
    case 'conditional': {
      const chosen = asBoolean(evaluate(node.condition, scope, budget)) ? node.yes : node.no
      return evaluate(chosen, scope, budget)
    }
    case 'binary':
      if (node.operator === '&&') return decide(node, scope, budget, false)
      if (node.operator === '||') return decide(node, scope, budget, true)
      return applyOperator(
        node.operator,
        evaluate(node.left, scope, budget),
        evaluate(node.right, scope, budget),
        budget,
      )
    case 'select':
      return select(evaluate(node.target, scope, budget), node.field, node.optional)
    case 'index':
      return indexed(
        evaluate(node.target, scope, budget),
        evaluate(node.index, scope, budget),
        node.optional,
      )
    case 'call':
      return call(node, scope, budget)
  }
}

/**
 * `&&` and `||`: what one side decides holds, whether the other has a value or not; which side
 * comes first does not matter.
 */
function decide(
  node: CelNode & {kind: 'binary'},
  scope: Scope | undefined,
  budget: CelBudget,
  decisive: boolean,
): boolean {
  let failure: CelError | undefined
  for (const side of [node.left, node.right]) {
    try {
      if (asBoolean(evaluate(side, scope, budget)) === decisive) return decisive
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      budget.charge(ERROR_COST)
      failure ??= error
    }
  }
  if (failure !== undefined) throw failure
  return !decisive
}

/** Types are values as well: what `type()` answers is compared with them. */
const TYPES = new Set(['bool', 'int', 'double', 'string', 'list', 'map', 'null_type'])

function lookUp(name: string, scope: Scope | undefined): CelValue {
  for (let at = scope; at !== undefined; at = at.outer) if (at.name === name) return at.value
  if (TYPES.has(name)) return name
  throw new CelError(`no such attribute(s): ${name}`)
}

function negate(value: CelValue): CelValue {
  if (typeof value === 'bigint') return checkedInt(-value)
  if (typeof value === 'number') return -value
  throw noOverload()
}

function keyOf(value: CelValue): string | number | bigint | boolean {
  const isKey = ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
  if (!isKey) throw new CelError('unsupported key type')
  return value as string | number | bigint | boolean
}

/** A field of an object; of an optional value, an optional field. */
function select(target: CelValue, field: string, optional: boolean): CelValue {
  if (target instanceof CelOptional) {
    return target.value === undefined ? target : select(target.value, field, true)
  }
  if (!(target instanceof Map)) throw noOverload()
  const found = (target as CelMap).get(fieldName(field))
  if (optional) return new CelOptional(found)
  if (found === undefined) throw new CelError(`no such key: ${fieldName(field)}`)
  return found
}

function indexed(target: CelValue, index: CelValue, optional: boolean): CelValue {
  if (target instanceof CelOptional) {
    return target.value === undefined ? target : indexed(target.value, index, true)
  }
  const found = itemAt(target, index)
  if (optional) return new CelOptional(found)
  if (found !== undefined) return found
  const shown = String(keyOf(index))
  throw new CelError(isList(target) ? `index out of bounds: ${shown}` : `no such key: ${shown}`)
}

function itemAt(target: CelValue, index: CelValue): CelValue | undefined {
  if (target instanceof Map) return (target as CelMap).get(keyOf(index))
  if (!isList(target) || typeof index !== 'bigint') throw noOverload()
  return index < 0n ? undefined : target[Number(index)]
}

function call(
  node: CelNode & {kind: 'call'},
  scope: Scope | undefined,
  budget: CelBudget,
): CelValue {
  if (isMacro(node)) {
    const evaluateInner: Evaluate = (inner, innerScope) => {
      budget.charge(ITERATION_COST)
      return evaluate(inner, innerScope, budget)
    }
    return evaluateMacro(node, {scope, evaluate: evaluateInner, budget})
  }
  const run = Object.hasOwn(FUNCTIONS, node.name) ? FUNCTIONS[node.name] : undefined
  if (run === undefined) throw new CelError(`undeclared reference to '${node.name}'`)
  const parts = node.target === undefined ? node.args : [node.target, ...node.args]
  const operands = parts.map((part) => evaluate(part, scope, budget))
  budget.charge(callCost(node.name, operands))
  if (parts[1]?.kind !== 'literal') budget.charge(patternCost(node.name, operands[1] ?? null))
  return run(...operands)
}
