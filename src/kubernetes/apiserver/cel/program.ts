import type {CelNode} from './ast.ts'
import {evaluate} from './evaluate.ts'
import {FUNCTIONS} from './functions.ts'
import {isMacro} from './macros.ts'
import {parseCel} from './parser.ts'
import type {Scope} from './scope.ts'
import type {CelValue} from './values.ts'

/** An expression that can be evaluated. */
export interface CelProgram {
  /** Whether the expression uses a variable of this name. */
  uses(name: string): boolean
  /** Functions it calls that nobody here knows: upstream has more of them. */
  readonly unknownFunctions: readonly string[]
  /** Throws a CelError. */
  evaluate(variables: Readonly<Record<string, CelValue>>): CelValue
}

/** Takes an expression in. Throws a CelSyntaxError. */
export function compileCel(source: string): CelProgram {
  const node = parseCel(source)
  const names = new Set<string>()
  const functions = new Set<string>()
  for (const each of nodesIn(node)) {
    if (each.kind === 'name') names.add(each.name)
    if (each.kind === 'call' && !isMacro(each)) functions.add(each.name)
  }
  return {
    uses: (name) => names.has(name),
    unknownFunctions: [...functions].filter((name) => !Object.hasOwn(FUNCTIONS, name)),
    evaluate(variables) {
      let scope: Scope | undefined
      for (const [name, value] of Object.entries(variables)) scope = {name, value, outer: scope}
      return evaluate(node, scope)
    },
  }
}

function* nodesIn(node: CelNode): Generator<CelNode> {
  yield node
  for (const part of partsOf(node)) yield* nodesIn(part)
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
