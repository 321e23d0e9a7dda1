import {quote} from '../strconv.ts'
import {tokenize, type Token} from './lexer.ts'
import type {Command, Node, Operand, Pipeline} from './nodes.ts'

type Stop = 'end' | 'else' | 'eof'

/**
 * Parses a template into its syntax tree.
 *
 * Not known here: `define`, `template`, `block`, `break` and `continue`.
 *
 * @throws Error with the text of Go's `text/template`.
 */
export function parseTemplate(name: string, text: string, functions: ReadonlySet<string>): Node[] {
  return new Parser(name, text, functions).parse()
}

class Parser {
  readonly #name: string
  readonly #tokens: readonly Token[]
  readonly #functions: ReadonlySet<string>
  #variables = ['$']
  #index = 0

  constructor(name: string, text: string, functions: ReadonlySet<string>) {
    this.#name = name
    this.#tokens = tokenize(text)
    this.#functions = functions
  }

  parse(): Node[] {
    const {nodes, stop, token} = this.#list()
    if (stop !== 'eof') throw this.#error(`unexpected {{${stop}}}`, token)
    return nodes
  }

  #list(): {nodes: Node[]; stop: Stop; token: Token} {
    const nodes: Node[] = []
    for (;;) {
      const token = this.#next()
      if (token.type === 'eof') return {nodes, stop: 'eof', token}
      if (token.type === 'text') {
        nodes.push({kind: 'text', text: token.text})
        continue
      }
      if (token.type !== 'open') throw this.#unexpected(token, 'input')
      const keyword = this.#peek()
      if (keyword.type !== 'keyword') {
        nodes.push({kind: 'action', pipeline: this.#pipeline('command', 'close')})
        continue
      }
      this.#index++
      if (keyword.text === 'end') {
        this.#expect('close', 'end')
        return {nodes, stop: 'end', token: keyword}
      }
      if (keyword.text === 'else') return {nodes, stop: 'else', token: keyword}
      nodes.push(this.#control(keyword))
    }
  }

  #control(keyword: Token): Node {
    const kind = keyword.text
    if (kind !== 'if' && kind !== 'with' && kind !== 'range') {
      throw this.#unexpected(keyword, 'command')
    }
    const outer = [...this.#variables]
    const pipeline = this.#pipeline(kind, 'close')
    const {nodes: body, stop, token} = this.#list()
    const otherwise = stop === 'else' ? this.#otherwise(kind) : []
    if (stop === 'eof') throw this.#unexpected(token, '')
    this.#variables = outer
    return {kind, pipeline, body, otherwise}
  }

  /** What follows `else`, up to and with the `end` of the whole. */
  #otherwise(kind: string): Node[] {
    const next = this.#peek()
    // `{{else if x}}` is `{{else}}{{if x}}` whose `end` is shared.
    if (next.type === 'keyword' && next.text === kind && kind !== 'range') {
      this.#index++
      return [this.#control(next)]
    }
    this.#expect('close', 'else')
    const {nodes, stop, token} = this.#list()
    if (stop === 'eof') throw this.#unexpected(token, '')
    if (stop !== 'end') throw this.#error(`expected end; found {{${stop}}}`, token)
    return nodes
  }

  #pipeline(context: string, closing: 'close' | 'rightParen'): Pipeline {
    const start = this.#peek()
    const {variables, declares} = this.#declaration(context)
    const commands: Command[] = []
    for (;;) {
      const token = this.#peek()
      if (token.type === closing) {
        this.#index++
        break
      }
      if (!this.#startsOperand(token)) {
        this.#index++
        throw this.#unexpected(token, context)
      }
      commands.push(this.#command())
    }
    if (commands.length === 0) throw this.#error(`missing value for ${context}`, start)
    const declaration =
      variables.length === 0 ? '' : `${variables.join(', ')} ${declares ? ':=' : '='} `
    const source = declaration + commands.map((command) => command.source).join(' | ')
    return {variables, declares, commands, position: start.position, source}
  }

  #declaration(context: string): {variables: string[]; declares: boolean} {
    const begin = this.#index
    const variables: string[] = []
    while (this.#peek().type === 'variable') {
      variables.push(this.#next().text)
      const token = this.#peek()
      if (token.type === 'declare' || token.type === 'assign') {
        this.#index++
        const declares = token.type === 'declare'
        if (declares) this.#variables.push(...variables)
        return {variables, declares}
      }
      if (token.type !== 'comma' || context !== 'range' || variables.length > 1) break
      this.#index++
    }
    this.#index = begin
    return {variables: [], declares: false}
  }

  #startsOperand(token: Token): boolean {
    return [
      'field',
      'dot',
      'variable',
      'identifier',
      'number',
      'string',
      'bool',
      'nil',
      'leftParen',
    ].includes(token.type)
  }

  #command(): Command {
    const start = this.#peek()
    const operands: Operand[] = []
    for (;;) {
      if (this.#startsOperand(this.#peek())) operands.push(this.#operand())
      const token = this.#peek()
      if (token.type === 'close' || token.type === 'rightParen') break
      if (token.type === 'pipe') {
        this.#index++
        if (!this.#startsOperand(this.#peek())) {
          throw this.#error(`missing value for command`, token)
        }
        break
      }
      if (!token.spaced || !this.#startsOperand(token)) {
        this.#index++
        throw this.#unexpected(token, 'operand')
      }
    }
    const source = operands.map((operand) => operand.source).join(' ')
    return {operands, position: start.position, source}
  }

  #operand(): Operand {
    const term = this.#term()
    const fields: string[] = []
    let position = term.position
    while (this.#peek().type === 'field' && !this.#peek().spaced) {
      const token = this.#next()
      // Go gives a chain the place of its second part.
      if (fields.length === 0) position = token.position
      fields.push(token.text.slice(1))
    }
    if (fields.length === 0) return term
    const source = `${term.source}.${fields.join('.')}`
    if (term.kind === 'field' || term.kind === 'variable' || term.kind === 'chain') {
      return {...term, path: [...term.path, ...fields], position, source}
    }
    if (term.kind === 'dot') {
      return {kind: 'field', path: fields, position, source: `.${fields.join('.')}`}
    }
    throw this.#error(`unexpected . after term ${quote(term.source)}`, this.#peek())
  }

  #term(): Operand {
    const token = this.#next()
    const {type, text} = token
    const at = {position: token.position, source: text}
    if (type === 'dot' || type === 'nil') return {kind: type, ...at}
    if (type === 'bool') return {kind: 'literal', value: text === 'true', ...at}
    if (type === 'string') return {kind: 'literal', value: this.#unquote(token), ...at}
    if (type === 'field') return {kind: 'field', path: [text.slice(1)], ...at}
    if (type === 'number') {
      return {kind: 'literal', value: Number(text.replaceAll('_', '')), ...at}
    }
    if (type === 'variable') {
      if (this.#variables.includes(text)) return {kind: 'variable', name: text, path: [], ...at}
      throw this.#error(`undefined variable ${quote(text)}`, token)
    }
    if (type === 'identifier') {
      if (this.#functions.has(text)) return {kind: 'function', name: text, ...at}
      throw this.#error(`function ${quote(text)} not defined`, token)
    }
    if (type === 'leftParen') {
      const pipeline = this.#pipeline('parenthesized pipeline', 'rightParen')
      return {kind: 'chain', pipeline, path: [], ...at, source: `(${pipeline.source})`}
    }
    throw this.#unexpected(token, 'operand')
  }

  #unquote(token: Token): string {
    if (token.text.startsWith('`')) return token.text.slice(1, -1)
    try {
      return String(JSON.parse(token.text))
    } catch {
      throw this.#error('invalid syntax', token)
    }
  }

  #peek(): Token {
    const token = this.#tokens[this.#index] ?? this.#tokens.at(-1)
    if (token === undefined) throw new Error('a token list ends with eof')
    return token
  }

  #next(): Token {
    const token = this.#peek()
    this.#index++
    return token
  }

  #expect(type: Token['type'], context: string): void {
    const token = this.#next()
    if (token.type !== type) throw this.#unexpected(token, context)
  }

  #unexpected(token: Token, context: string): Error {
    if (token.type === 'error') return this.#error(token.text, token)
    const suffix = context === '' ? '' : ` in ${context}`
    if (token.type === 'eof') return this.#error(`unexpected EOF${suffix}`, token)
    if (token.type === 'keyword') return this.#error(`unexpected <${token.text}>${suffix}`, token)
    const shown =
      token.text.length > 10 ? `${quote(token.text.slice(0, 10))}...` : quote(token.text)
    return this.#error(`unexpected ${shown}${suffix}`, token)
  }

  #error(message: string, token: Token): Error {
    return new Error(`template: ${this.#name}:${token.line}: ${message}`)
  }
}
