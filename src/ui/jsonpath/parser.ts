/**
 * kubectl's dialect of JSONPath: text with `{…}` in it, `range` and `end`, words after dots, escaped
 * dots. Counterpart of k8s.io/client-go `util/jsonpath` Parser.
 */
import {atoi} from '../../util/strconv.ts'
import type {ActionNode, Filter, Slice, StepNode, TemplateNode} from './nodes.ts'
import {unquote} from './unquote.ts'

/** Parses a template. Throws an Error with kubectl's text. */
export function parseJsonPath(text: string): TemplateNode[] {
  const nodes: TemplateNode[] = []
  let position = 0
  while (position < text.length) {
    const brace = text.indexOf('{', position)
    const end = brace < 0 ? text.length : brace
    if (end > position) nodes.push({kind: 'text', text: text.slice(position, end)})
    if (brace < 0) break
    const parser = new ActionParser(text, brace + 1)
    nodes.push({kind: 'action', steps: parser.parse()})
    position = parser.position
  }
  return nodes
}

function parseAction(text: string): ActionNode {
  const [node] = parseJsonPath(`{${text}}`)
  return node?.kind === 'action' ? node : {kind: 'action', steps: []}
}

/** Reads the inside of one pair of braces. */
class ActionParser {
  position: number
  readonly #text: string
  readonly #steps: StepNode[] = []

  constructor(text: string, position: number) {
    this.#text = text
    this.position = position
  }

  /** Reads up to and with the closing brace. */
  parse(): StepNode[] {
    while (!this.#take('}')) {
      if (this.#take('[?(')) this.#filter()
      else if (this.#take('..')) this.#recursive()
      else this.#step()
    }
    return this.#steps
  }

  #step(): void {
    const char = this.#next()
    if (char === undefined || isLineEnd(char)) throw new Error('unclosed action')
    // `@` and `$` are the current object, which is what the next step begins with anyway.
    if (char === ' ' || char === '@' || char === '$') return
    if (char === '[') this.#brackets()
    else if (char === '"' || char === "'") this.#quoted(char)
    else if (char === '.') this.#field()
    else if (/[-+]|\p{Nd}/u.test(char)) this.#number(char)
    else if (isWordCharacter(char)) this.#word(char)
    else throw new Error(`unrecognized character in action: ${describeCharacter(char)}`)
  }

  #field(): void {
    let name = ''
    for (;;) {
      const char = this.#peek()
      if (char === undefined || isTerminator(char)) break
      name += this.#next()
      if (char === '\\') name += this.#next() ?? ''
    }
    this.#steps.push(
      name === '*' ? {kind: 'wildcard'} : {kind: 'field', name: name.replaceAll('\\', '')},
    )
  }

  #recursive(): void {
    if (this.#steps.at(-1)?.kind === 'recursive') {
      throw new Error('invalid multiple recursive descent')
    }
    this.#steps.push({kind: 'recursive'})
    if (isWordCharacter(this.#peek() ?? '')) this.#field()
  }

  #word(first: string): void {
    let word = first
    for (let char = this.#peek(); char !== undefined && !isTerminator(char); char = this.#peek()) {
      word += this.#next()
    }
    this.#steps.push(
      word === 'true' || word === 'false'
        ? {kind: 'literal', value: word === 'true'}
        : {kind: 'word', word},
    )
  }

  #number(first: string): void {
    let digits = first
    for (let char = this.#peek(); /[.\d]/.test(char ?? ''); char = this.#peek()) {
      digits += this.#next()
    }
    const value = Number(digits)
    if (!/\d/.test(digits) || Number.isNaN(value)) throw new Error(`cannot parse number ${digits}`)
    this.#steps.push({kind: 'literal', value})
  }

  #quoted(quote: string): void {
    const begin = this.position - 1
    for (;;) {
      const char = this.#next()
      if (char === undefined || char === '\n') throw new Error('unterminated quoted string')
      if (char === quote && this.#text[this.position - 2] !== '\\') break
    }
    const source = this.#text.slice(begin, this.position)
    const text = unquote(source)
    if (text === undefined) throw new Error(`unquote string ${source} error invalid syntax`)
    this.#steps.push({kind: 'text', text})
  }

  #brackets(): void {
    const begin = this.position
    for (let char = this.#next(); char !== ']'; char = this.#next()) {
      if (char === undefined || char === '\n') throw new Error('unterminated array')
    }
    const content = this.#text.slice(begin, this.position - 1)
    const parts = content.split(',')
    if (parts.length > 1) {
      this.#steps.push({
        kind: 'union',
        parts: parts.map((part) => parseAction(`[${part.replaceAll(/^ +| +$/g, '')}]`)),
      })
      return
    }
    const key = /^'([^']*)'$/.exec(content)?.[1]
    if (key === undefined) this.#steps.push({kind: 'slice', slice: parseSlice(content)})
    else this.#steps.push(...parseAction(`.${key}`).steps)
  }

  #filter(): void {
    const begin = this.position
    let opened: string | undefined
    let closed = false
    for (;;) {
      const char = this.#next()
      if (char === undefined || char === '\n') throw new Error('unterminated filter')
      if (char === '"' || char === "'") {
        if (opened === undefined) opened = char
        else if (char === opened && this.#text[this.position - 2] !== '\\') closed = true
      }
      // A parenthesis inside quotes does not end the filter.
      if (char === ')' && (opened !== undefined) === closed) break
    }
    const content = this.#text.slice(begin, this.position - 1)
    if (this.#next() !== ']') throw new Error('unclosed array expect ]')
    this.#steps.push({kind: 'filter', filter: parseFilter(content)})
  }

  #take(prefix: string): boolean {
    const found = this.#text.startsWith(prefix, this.position)
    if (found) this.position += prefix.length
    return found
  }

  #peek(): string | undefined {
    const code = this.#text.codePointAt(this.position)
    return code === undefined ? undefined : String.fromCodePoint(code)
  }

  #next(): string | undefined {
    const char = this.#peek()
    this.position += char?.length ?? 0
    return char
  }
}

function parseFilter(content: string): Filter {
  const comparison = /^([^!<>=]+)([!<>=]+)(.+?)$/s.exec(content)
  if (comparison === null) return {left: parseAction(content)}
  const [, left = '', operator = '', right = ''] = comparison
  return {left: parseAction(left), operator, right: parseAction(right)}
}

function parseSlice(content: string): Slice {
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(content === '*' ? ':' : content)
  if (match === null) throw new Error(`invalid array index ${content}`)
  const [, from = '', to, step] = match
  const number = (text: string | undefined): number | undefined => {
    if (text === undefined || text === '' || text === ':') return undefined
    const digits = text.replace(':', '')
    try {
      return atoi(digits)
    } catch {
      throw new Error(`array index ${digits} is not a number`)
    }
  }
  return {from: number(from), to: number(to), step: number(step), single: to === undefined}
}

function isLineEnd(char: string): boolean {
  return char === '\r' || char === '\n'
}

function isTerminator(char: string): boolean {
  return /[ \t\r\n.,[\]$@{}]/.test(char)
}

function isWordCharacter(char: string): boolean {
  return /[\p{L}\p{Nd}_]/u.test(char)
}

/** `U+002C ','`. */
function describeCharacter(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `U+${code} '${char}'`
}
