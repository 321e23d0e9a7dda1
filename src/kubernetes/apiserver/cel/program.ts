import type {CelNode} from './ast.ts'
import {CelBudget} from './cost.ts'
import {evaluate} from './evaluate.ts'
import {FUNCTIONS} from './functions.ts'
import {isMacro} from './macros.ts'
import {parseCel, tooDeep} from './parser.ts'
import type {Scope} from './scope.ts'
import type {CelValue} from './values.ts'

/** An expression that can be evaluated. */
export interface CelProgram {
  /** Whether the expression uses a variable of this name. */
  uses(name: string): boolean
  /** Functions it calls that nobody here knows: upstream has more of them. */
  readonly unknownFunctions: readonly string[]
  /**
   * Throws a CelError, and a CelCostError once the budget is spent: of one evaluation, unless one is
   * handed in for several.
   */
  evaluate(variables: Readonly<Record<string, CelValue>>, budget?: CelBudget): CelValue
}

/** Takes an expression in. Throws a CelSyntaxError. */
export function compileCel(source: string): CelProgram {
  const node = parseCel(source)
  refuseDeep(node, source)
  const names = new Set<string>()
  const functions = new Set<string>()
  for (const each of nodesIn(node)) {
    if (each.kind === 'name') names.add(each.name)
    if (each.kind === 'call' && !isMacro(each)) functions.add(each.name)
  }
  return {
    uses: (name) => names.has(name),
    unknownFunctions: [...functions].filter((name) => !Object.hasOwn(FUNCTIONS, name)),
    evaluate(variables, budget = new CelBudget()) {
      let scope: Scope | undefined
      for (const [name, value] of Object.entries(variables)) scope = {name, value, outer: scope}
      return evaluate(node, scope, budget)
    },
  }
}

/** How deep expressions may be nested; cel-go balances long chains of `&&` and takes 250. */
const MAX_DEPTH = 1000

/** Throws a CelSyntaxError for what the evaluation could not climb down. */
function refuseDeep(root: CelNode, source: string): void {
  const waiting: [node: CelNode, depth: number][] = [[root, 0]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, depth] = next
    if (depth > MAX_DEPTH) throw tooDeep(source)
    for (const part of partsOf(node)) waiting.push([part, depth + 1])
  }
}

function nodesIn(root: CelNode): CelNode[] {
  const nodes = [root]
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at]
    if (node !== undefined) nodes.push(...partsOf(node))
  }
  return nodes
}

function partsOf(node: CelNode): readonly CelNode[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return []
    case 'list':
      return node.items
    case 'map':
      return node.entries.flat()
    case 'not':
    case 'negate':
      return [node.operand]
    case 'binary':
      return [node.left, node.right]
    case 'conditional':
      return [node.condition, node.yes, node.no]
    case 'select':
      return [node.target]
    case 'index':
      return [node.target, node.index]
    case 'call':
      return node.target === undefined ? node.args : [node.target, ...node.args]
  }
}
