import type {CelNode} from './ast.ts'
import {FUNCTIONS} from './functions.ts'
import {evaluateMacro, isMacro} from './macros.ts'
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

/** The value of an expression. Throws a {@link CelError}. */
export function evaluate(node: CelNode, scope: Scope | undefined): CelValue {
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'name':
      return lookUp(node.name, scope)
    case 'list':
      return node.items.map((item) => evaluate(item, scope))
    case 'map':
      return new Map(
        node.entries.map(([key, value]) => [keyOf(evaluate(key, scope)), evaluate(value, scope)]),
      )
    case 'not':
      return !asBoolean(evaluate(node.operand, scope))
    case 'negate':
      return negate(evaluate(node.operand, scope))
    case 'conditional': {
      const chosen = asBoolean(evaluate(node.condition, scope)) ? node.yes : node.no
      return evaluate(chosen, scope)
    }
    case 'binary':
      if (node.operator === '&&') return decide(node, scope, false)
      if (node.operator === '||') return decide(node, scope, true)
      return applyOperator(node.operator, evaluate(node.left, scope), evaluate(node.right, scope))
    case 'select':
      return select(evaluate(node.target, scope), node.field, node.optional)
    case 'index':
      return indexed(evaluate(node.target, scope), evaluate(node.index, scope), node.optional)
    case 'call':
      return call(node, scope)
  }
}

/**
 * `&&` and `||`: what one side decides holds, whether the other has a value or not; which side
 * comes first does not matter.
 */
function decide(
  node: CelNode & {kind: 'binary'},
  scope: Scope | undefined,
  decisive: boolean,
): boolean {
  let failure: CelError | undefined
  for (const side of [node.left, node.right]) {
    try {
      if (asBoolean(evaluate(side, scope)) === decisive) return decisive
    } catch (error) {
      if (!(error instanceof CelError)) throw error
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

function call(node: CelNode & {kind: 'call'}, scope: Scope | undefined): CelValue {
  if (isMacro(node)) return evaluateMacro(node, scope, evaluate)
  const run = Object.hasOwn(FUNCTIONS, node.name) ? FUNCTIONS[node.name] : undefined
  if (run === undefined) throw new CelError(`undeclared reference to '${node.name}'`)
  const operands = node.target === undefined ? node.args : [node.target, ...node.args]
  return run(...operands.map((operand) => evaluate(operand, scope)))
}
