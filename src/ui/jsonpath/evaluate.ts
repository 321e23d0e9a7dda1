/** What a JSONPath template finds in a JSON value. Counterpart of k8s.io/client-go `util/jsonpath`. */
import {printValue} from '../../util/go-template/functions.ts'
import {compareValues} from './compare.ts'
import type {ActionNode, Filter, Slice, StepNode, TemplateNode} from './nodes.ts'

/** How values that are not there are taken. */
export interface JsonPathOptions {
  /** Nothing is found where there is nothing; else that is an error. */
  readonly allowMissingKeys: boolean
}

/**
 * What each part of the template finds, in order; a part inside of `range` comes once per turn.
 *
 * Throws an Error with kubectl's text.
 */
export function evaluateJsonPath(
  nodes: readonly TemplateNode[],
  data: unknown,
  options: JsonPathOptions,
): unknown[][] {
  return new Evaluation(nodes, options).find([data], 0)
}

class Evaluation {
  readonly #nodes: readonly TemplateNode[]
  readonly #allowMissingKeys: boolean
  #begun = 0
  #depth = 0
  #ended = 0
  /** Where the loop that ran last ended. */
  #lastEnd: number | undefined

  constructor(nodes: readonly TemplateNode[], {allowMissingKeys}: JsonPathOptions) {
    this.#nodes = nodes
    this.#allowMissingKeys = allowMissingKeys
  }

  /** Evaluates from a node to the end, or to the `end` of the loop this is a turn of. */
  find(input: readonly unknown[], from: number): unknown[][] {
    const found: unknown[][] = []
    for (let index = from; index < this.#nodes.length; index += 1) {
      const node = this.#nodes[index]
      if (node === undefined) break
      const results = node.kind === 'text' ? [node.text] : this.#action(input, node)
      if (this.#ended > 0 && this.#ended <= this.#depth) {
        this.#ended -= 1
        this.#lastEnd = index
        break
      }
      if (this.#begun === 0) {
        found.push(results)
        continue
      }
      this.#begun -= 1
      this.#depth += 1
      // A loop without turns has to be walked as well, to find where it ends.
      if (results.length === 0) this.find([null], index + 1)
      for (const item of results) found.push(...this.find([item], index + 1))
      this.#depth -= 1
      if (this.#lastEnd !== undefined && this.#lastEnd > index) index = this.#lastEnd
    }
    return found
  }

  #action(input: readonly unknown[], {steps}: ActionNode): unknown[] {
    return steps.reduce<unknown[]>((values, step) => this.#step(values, step), [...input])
  }

  #step(input: unknown[], step: StepNode): unknown[] {
    switch (step.kind) {
      case 'text':
        return [step.text]
      case 'literal':
        return input.map(() => step.value)
      case 'field':
        return this.#field(input, step.name)
      case 'slice':
        return input.flatMap((value) => slice(value, step.slice))
      case 'union':
        return step.parts.flatMap((part) => this.#action(input, part))
      case 'filter':
        return input.flatMap((value) => this.#filter(value, step.filter))
      case 'wildcard':
        return input.flatMap(childrenOf)
      case 'recursive':
        return descend(input)
      case 'word':
        return this.#word(input, step.word)
    }
  }

  #word(input: unknown[], word: string): unknown[] {
    if (word === 'range') {
      this.#begun += 1
      return input
    }
    if (word !== 'end') throw new Error(`unrecognized identifier ${word}`)
    if (this.#depth === 0) throw new Error('not in range, nothing to end')
    this.#ended += 1
    return []
  }

  #field(input: readonly unknown[], name: string): unknown[] {
    if (input.length === 0) return []
    const found = input.flatMap((value) =>
      isMap(value) && Object.hasOwn(value, name) ? [value[name]] : [],
    )
    if (found.length > 0 || this.#allowMissingKeys) return found
    throw new Error(`${name} is not found`)
  }

  #filter(value: unknown, filter: Filter): unknown[] {
    if (!Array.isArray(value)) {
      throw new Error(`${printValue(value)} is not array or slice and cannot be filtered`)
    }
    return value.filter((item) => this.#passes(item, filter))
  }

  #passes(item: unknown, {left, operator, right}: Filter): boolean {
    if (operator === undefined || right === undefined) return this.#exists(item, left)
    const lefts = this.#action([item], left)
    if (lefts.length === 0) return false
    if (lefts.length > 1) throw new Error('can only compare one element at a time')
    const rights = this.#action([item], right)
    if (rights.length === 0) return false
    if (rights.length > 1) throw new Error('can only compare one element at a time')
    return compareValues(lefts[0], operator, rights[0])
  }

  #exists(item: unknown, path: ActionNode): boolean {
    try {
      return this.#action([item], path).length > 0
    } catch {
      return false
    }
  }
}

function slice(value: unknown, {from = 0, to, step = 1, single}: Slice): unknown[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw new Error(`${goTypeOf(value)} is not array or slice`)
  const {length} = value
  const start = from < 0 ? from + length : from
  // `[-1]` ends at the end, not before the first.
  const wanted = single ? from + 1 : (to ?? length)
  const end = wanted < 0 || (wanted === 0 && single) ? wanted + length : wanted
  if (start === end) return []
  const outside = (index: number): Error =>
    new Error(`array index out of bounds: index ${index}, length ${length}`)
  if (start >= length || start < 0) throw outside(start)
  if (end > length || end < 0) throw outside(end - 1)
  if (start > end) {
    throw new Error(`starting index ${start} is greater than ending index ${end}`)
  }
  if (step <= 0) throw new Error('step must be > 0')
  return value.slice(start, end).filter((_, index) => index % step === 0)
}

/** What is in a map, a list or, as bytes, in a text; maps in alphabetical order. */
function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return [...Buffer.from(value)]
  if (!isMap(value)) return []
  return Object.keys(value)
    .toSorted()
    .map((key) => value[key])
}

function descend(input: readonly unknown[]): unknown[] {
  return input.flatMap((value) => {
    const children = childrenOf(value)
    return children.length === 0 ? [] : [value, ...descend(children)]
  })
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function goTypeOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : 'map[string]interface {}'
}
