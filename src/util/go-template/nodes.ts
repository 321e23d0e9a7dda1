/** The syntax tree of a Go template. `source` is the node as Go prints it in error messages. */

interface Located {
  readonly position: number
  readonly source: string
}
/** A value in a command: a field, a variable, a literal, a call in parentheses. */
export type Operand = Located &
  (
    | {readonly kind: 'dot'}
    | {readonly kind: 'nil'}
    | {readonly kind: 'literal'; readonly value: string | number | boolean}
    | {readonly kind: 'field'; readonly path: readonly string[]}
    | {readonly kind: 'variable'; readonly name: string; readonly path: readonly string[]}
    | {readonly kind: 'function'; readonly name: string}
    | {readonly kind: 'chain'; readonly pipeline: Pipeline; readonly path: readonly string[]}
  )
/** One stage of a pipeline. */
export interface Command extends Located {
  readonly operands: readonly Operand[]
}
/** `$x := a | b`: what the last stage gives is the value. */
export interface Pipeline extends Located {
  readonly variables: readonly string[]
  readonly declares: boolean
  readonly commands: readonly Command[]
}
/** A piece of a template. */
export type Node =
  | {readonly kind: 'text'; readonly text: string}
  | {readonly kind: 'action'; readonly pipeline: Pipeline}
  | {
      readonly kind: 'if' | 'with' | 'range'
      readonly pipeline: Pipeline
      readonly body: readonly Node[]
      readonly otherwise: readonly Node[]
    }
