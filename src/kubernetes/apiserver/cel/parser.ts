import type {BinaryOperator, CelNode} from './ast.ts'
import {CelSyntaxError, tokenize, type Token} from './lexer.ts'

/** As cel-go's parser has them. */
const MAX_LENGTH = 100_000
const MAX_NESTING = 250

/** Parses an expression. Throws a {@link CelSyntaxError}. */
export function parseCel(source: string): CelNode {
  if (source.length > MAX_LENGTH) {
    const what = `expression code point size exceeds limit: size: ${source.length}, limit ${MAX_LENGTH}`
    throw new CelSyntaxError('', 0, what)
  }
  return new Parser(source).whole()
}

/** What is said of an expression that is nested too deeply. */
export function tooDeep(source: string): CelSyntaxError {
  return new CelSyntaxError(source, 0, `expression recursion limit exceeded: ${MAX_NESTING}`)
}

/** Operators from the loosest to the tightest. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
]

const WORDS: Readonly<Record<string, null | boolean>> = {true: true, false: false, null: null}

class Parser {
  readonly #source: string
  readonly #tokens: readonly Token[]
  #next = 0
  #nesting = 0

  constructor(source: string) {
    this.#source = source
    this.#tokens = tokenize(source)
  }

  whole(): CelNode {
    const node = this.#expression()
    if (this.#token.kind !== 'end') throw this.#unexpected()
    return node
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? {kind: 'end', text: '<EOF>', at: this.#source.length}
  }

  #expression(): CelNode {
    return this.#nested(() => {
      const condition = this.#binary(0)
      if (!this.#skip('?')) return condition
      const yes = this.#binary(0)
      this.#expect(':')
      return {kind: 'conditional', condition, yes, no: this.#expression()}
    })
  }

  #nested(parse: () => CelNode): CelNode {
    if (++this.#nesting > MAX_NESTING) throw tooDeep(this.#source)
    const node = parse()
    this.#nesting--
    return node
  }

  #binary(level: number): CelNode {
    const operators = LEVELS[level]
    if (operators === undefined) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      const {kind, text} = this.#token
      const operator = operators.find((each) => each === text)
      if (operator === undefined || kind === 'string') return left
      this.#next++
      left = {kind: 'binary', operator, left, right: this.#binary(level + 1)}
    }
  }

  #unary(): CelNode {
    if (this.#skip('!')) return {kind: 'not', operand: this.#nested(() => this.#unary())}
    if (!this.#skip('-')) return this.#member()
    const operand = this.#nested(() => this.#unary())
    const isNumber = operand.kind === 'literal' && typeof operand.value === 'bigint'
    if (isNumber) return {kind: 'literal', value: -(operand.value as bigint)}
    return {kind: 'negate', operand}
  }

  #member(): CelNode {
    let node = this.#primary()
    for (;;) {
      if (this.#skip('.')) {
        const optional = this.#skip('?')
        const name = this.#name()
        node =
          !optional && this.#skip('(')
            ? {kind: 'call', name, target: node, args: this.#list(')')}
            : {kind: 'select', target: node, field: name, optional}
      } else if (this.#skip('[')) {
        const optional = this.#skip('?')
        const index = this.#expression()
        this.#expect(']')
        node = {kind: 'index', target: node, index, optional}
      } else return node
    }
  }

  #primary(): CelNode {
    const {kind, text} = this.#token
    switch (kind) {
      case 'int':
        this.#next++
        return {kind: 'literal', value: BigInt(text)}
      case 'double':
        this.#next++
        return {kind: 'literal', value: Number(text)}
      case 'string':
        this.#next++
        return {kind: 'literal', value: text}
      case 'name':
        return this.#nameOrCall()
      case 'symbol':
      case 'end':
        break
    }
    if (this.#skip('(')) {
      const node = this.#expression()
      this.#expect(')')
      return node
    }
    if (this.#skip('[')) return {kind: 'list', items: this.#list(']')}
    if (this.#skip('{')) return {kind: 'map', entries: this.#entries()}
    throw this.#unexpected()
  }

  #nameOrCall(): CelNode {
    const name = this.#name()
    const word = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined
    if (word !== undefined) return {kind: 'literal', value: word}
    if (!this.#skip('(')) return {kind: 'name', name}
    return {kind: 'call', name, target: undefined, args: this.#list(')')}
  }

  /** Expressions up to a closing symbol; a comma may stand before it. */
  #list(end: string): CelNode[] {
    const items: CelNode[] = []
    while (!this.#skip(end)) {
      items.push(this.#expression())
      if (!this.#skip(',') && !this.#is(end)) throw this.#unexpected()
    }
    return items
  }

  #entries(): [CelNode, CelNode][] {
    const entries: [CelNode, CelNode][] = []
    while (!this.#skip('}')) {
      const key = this.#expression()
      this.#expect(':')
      entries.push([key, this.#expression()])
      if (!this.#skip(',') && !this.#is('}')) throw this.#unexpected()
    }
    return entries
  }

  #name(): string {
    const {kind, text} = this.#token
    if (kind !== 'name') throw this.#unexpected()
    this.#next++
    return text
  }

  #is(symbol: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === symbol
  }

  #skip(symbol: string): boolean {
    if (!this.#is(symbol)) return false
    this.#next++
    return true
  }

  #expect(symbol: string): void {
    if (!this.#skip(symbol)) throw this.#unexpected(symbol)
  }

  #unexpected(wanted?: string): CelSyntaxError {
    const {text, at} = this.#token
    const what =
      wanted === undefined
        ? `unexpected '${text}'`
        : `mismatched input '${text}' expecting '${wanted}'`
    return new CelSyntaxError(this.#source, at, what)
  }
}
