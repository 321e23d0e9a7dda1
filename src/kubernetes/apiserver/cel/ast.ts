/** An expression of the Common Expression Language, parsed. */
export type CelNode =
  | {readonly kind: 'literal'; readonly value: null | boolean | string | number | bigint}
  | {readonly kind: 'name'; readonly name: string}
  | {readonly kind: 'list'; readonly items: readonly CelNode[]}
  | {readonly kind: 'map'; readonly entries: readonly (readonly [key: CelNode, value: CelNode])[]}
  | {readonly kind: 'not' | 'negate'; readonly operand: CelNode}
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: CelNode
      readonly right: CelNode
    }
  | {
      readonly kind: 'conditional'
      readonly condition: CelNode
      readonly yes: CelNode
      readonly no: CelNode
    }
  /** `target.field`; with `optional`, `target.?field`. */
  | {
      readonly kind: 'select'
      readonly target: CelNode
      readonly field: string
      readonly optional: boolean
    }
  | {
      readonly kind: 'index'
      readonly target: CelNode
      readonly index: CelNode
      readonly optional: boolean
    }
  /** A function, or a method where there is a target. */
  | {
      readonly kind: 'call'
      readonly name: string
      readonly target: CelNode | undefined
      readonly args: readonly CelNode[]
    }

/** Operators between two operands. */
export type BinaryOperator =
  | '||'
  | '&&'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
