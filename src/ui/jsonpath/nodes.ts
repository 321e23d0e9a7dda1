/** The syntax tree of a JSONPath template. Counterpart of k8s.io/client-go `util/jsonpath` nodes. */

/** Steps in braces, each applied to what the one before found. */
export interface ActionNode {
  readonly kind: 'action'
  readonly steps: readonly StepNode[]
}

/** Text outside of braces, or in quotes inside them. */
export interface TextNode {
  readonly kind: 'text'
  readonly text: string
}

/** A part of a template: {@link TextNode} or {@link ActionNode}. */
export type TemplateNode = TextNode | ActionNode

/** One step inside braces. */
export type StepNode =
  | TextNode
  | {readonly kind: 'field'; readonly name: string}
  | {readonly kind: 'slice'; readonly slice: Slice}
  | {readonly kind: 'union'; readonly parts: readonly ActionNode[]}
  | {readonly kind: 'filter'; readonly filter: Filter}
  | {readonly kind: 'wildcard'}
  | {readonly kind: 'recursive'}
  | {readonly kind: 'literal'; readonly value: number | boolean}
  /** `range`, `end`, or a word that is neither, which fails when it is met. */
  | {readonly kind: 'word'; readonly word: string}

/** `[from:to:step]`; `[3]` is `{from: 3, single: true}`. */
export interface Slice {
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly step?: number | undefined
  readonly single: boolean
}

/** `[?(left operator right)]`; without an operator: `left` exists. */
export interface Filter {
  readonly left: ActionNode
  readonly operator?: string
  readonly right?: ActionNode
}
