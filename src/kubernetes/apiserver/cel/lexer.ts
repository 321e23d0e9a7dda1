/** A word of an expression. */
export interface Token {
  readonly kind: 'name' | 'int' | 'double' | 'string' | 'symbol' | 'end'
  /** Of a string, its value. */
  readonly text: string
  /** Offset in the source. */
  readonly at: number
}

/** An expression that is none. The text begins with the place, as cel-go prints it. */
export class CelSyntaxError extends Error {
  override readonly name = 'CelSyntaxError'

  constructor(source: string, at: number, what: string) {
    const before = source.slice(0, at).split('\n')
    const column = (before.at(-1)?.length ?? 0) + 1
    const line = source.split('\n')[before.length - 1] ?? ''
    const mark = `${'.'.repeat(column - 1)}^`
    const place = `<input>:${before.length}:${column}`
    super(`ERROR: ${place}: Syntax error: ${what}\n | ${line}\n | ${mark}`)
  }
}

const SPACE = /(?:\s|\/\/[^\n]*)+/y
const NUMBER =
  /0x[0-9a-fA-F]+u?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|\d+u?/y
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const STRING = /([rR]?)("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y
const SYMBOL = /==|!=|<=|>=|&&|\|\||[-+*/%!<>?:.,()[\]{}]/y

/** Splits an expression into words; the last one is the end. Throws a {@link CelSyntaxError}. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(source)
  }
  for (;;) {
    at += match(SPACE)?.[0].length ?? 0
    if (at >= source.length) break
    const token = nextToken(match)
    if (token === undefined) {
      const found = JSON.stringify(source[at])
      throw new CelSyntaxError(source, at, `token recognition error at: ${found}`)
    }
    tokens.push({kind: token.kind, text: token.text, at})
    at += token.length
  }
  return [...tokens, {kind: 'end', text: '<EOF>', at}]
}

function nextToken(
  match: (pattern: RegExp) => RegExpExecArray | null,
): {kind: Token['kind']; text: string; length: number} | undefined {
  const string = match(STRING)
  if (string !== null) {
    const [all, raw = '', quoted = ''] = string
    const fence = /^("""|''')/.test(quoted) ? 3 : 1
    const inner = quoted.slice(fence, -fence)
    return {kind: 'string', text: raw === '' ? unescape(inner) : inner, length: all.length}
  }
  const name = match(NAME)
  if (name !== null) return {kind: 'name', text: name[0], length: name[0].length}
  const number = match(NUMBER)
  // `.5` is a number only where no value stands before it; nobody writes it, so that it is none.
  if (number !== null && !number[0].startsWith('.')) {
    const [text] = number
    const isDouble = !text.startsWith('0x') && /[.eE]/.test(text)
    return {kind: isDouble ? 'double' : 'int', text: text.replace(/u$/, ''), length: text.length}
  }
  const symbol = match(SYMBOL)
  if (symbol !== null) return {kind: 'symbol', text: symbol[0], length: symbol[0].length}
  return undefined
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

const ESCAPE = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|[\s\S])/g

function unescape(text: string): string {
  return text.replaceAll(ESCAPE, (sequence) => {
    const code = sequence.slice(1)
    if (/^[xuU][0-9a-fA-F]/.test(code)) {
      return String.fromCodePoint(Number.parseInt(code.slice(1), 16))
    }
    if (/^[0-3][0-7]{2}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
    return ESCAPES[code] ?? code
  })
}
