/** Cuts a Go template into tokens. */

type TokenType =
  | 'text'
  | 'open'
  | 'close'
  | 'field'
  | 'dot'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'number'
  | 'string'
  | 'bool'
  | 'nil'
  | 'pipe'
  | 'leftParen'
  | 'rightParen'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'char'
  | 'error'
  | 'eof'

/** One token and where it starts. */
export interface Token {
  readonly type: TokenType
  /** The text as written; for an error what is wrong. */
  readonly text: string
  /** Offset into the template. */
  readonly position: number
  /** From 1. */
  readonly line: number
  /** Whether white space separates it from the token before. */
  readonly spaced: boolean
}

const KEYWORDS = new Set([
  'if',
  'else',
  'end',
  'with',
  'range',
  'define',
  'template',
  'block',
  'break',
  'continue',
])
const PUNCTUATION: Readonly<Record<string, TokenType>> = {
  ':=': 'declare',
  '=': 'assign',
  '|': 'pipe',
  '(': 'leftParen',
  ')': 'rightParen',
  ',': 'comma',
}
const WORD = '[\\p{L}_][\\p{L}\\p{N}_]*'
const INSIDE = new RegExp(
  [
    '(?<space>\\s+)',
    '(?<string>"(?:[^"\\\\\\n]|\\\\.)*"|`[^`]*`)',
    `(?<field>\\.${WORD})`,
    `(?<variable>\\$(?:${WORD})?)`,
    '(?<number>[+-]?(?:[0-9][0-9_]*\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)',
    '(?<dot>\\.)',
    `(?<word>${WORD})`,
    '(?<punctuation>:=|[=|(),])',
    '(?<char>[\\x20-\\x7e])',
  ].join('|'),
  'uy',
)

/** All tokens of `template`, with `eof` or `error` as the last one. */
export function tokenize(template: string): Token[] {
  let line = 1
  let counted = 0
  return cut(template).map((token) => {
    // Tokens come in the order of the text, so that each line is counted once.
    for (; counted < token.position; counted++) if (template[counted] === '\n') line++
    return {...token, line}
  })
}

/** A token without its line. */
type Piece = Omit<Token, 'line'>

function cut(template: string): Piece[] {
  const tokens: Piece[] = []
  let position = 0
  let trimNext = false
  while (position < template.length) {
    const open = template.indexOf('{{', position)
    const stop = open < 0 ? template.length : open
    const trimsLeft = open >= 0 && /^\{\{-\s/.test(template.slice(open, open + 4))
    let text = template.slice(position, stop)
    if (trimNext) text = text.trimStart()
    if (trimsLeft) text = text.trimEnd()
    if (text !== '') tokens.push({type: 'text', text, spaced: false, position})
    if (open < 0) break
    const action = tokenizeAction(template, open, trimsLeft ? open + 3 : open + 2)
    for (const token of action.tokens) tokens.push(token)
    if (tokens.at(-1)?.type === 'error') return tokens
    position = action.position
    trimNext = action.trimsRight
  }
  tokens.push({type: 'eof', text: '', spaced: false, position: template.length})
  return tokens
}

interface Action {
  tokens: Piece[]
  position: number
  trimsRight: boolean
}

function tokenizeAction(template: string, open: number, start: number): Action {
  const comment = /\s*\/\*[\s\S]*?\*\/(\s+-)?\}\}/y
  comment.lastIndex = start
  const found = comment.exec(template)
  if (found !== null) {
    return {tokens: [], position: comment.lastIndex, trimsRight: found[1] !== undefined}
  }
  const tokens: Piece[] = [{type: 'open', text: '{{', spaced: false, position: open}]
  let position = start
  let spaced = false
  for (;;) {
    const close = /^(\s-)?\}\}/.exec(template.slice(position, position + 4))
    if (close !== null) {
      tokens.push({type: 'close', text: '}}', spaced, position})
      return {tokens, position: position + close[0].length, trimsRight: close[1] !== undefined}
    }
    INSIDE.lastIndex = position
    const match = INSIDE.exec(template)
    if (match?.groups?.['space'] !== undefined) {
      spaced = true
    } else {
      const next = classify(template, position, match, spaced)
      tokens.push(next)
      if (next.type === 'error') return {tokens, position, trimsRight: false}
      spaced = false
    }
    position = INSIDE.lastIndex
  }
}

function classify(
  template: string,
  position: number,
  match: RegExpExecArray | null,
  spaced: boolean,
): Piece {
  const make = (type: TokenType, text: string): Piece => ({type, text, spaced, position})
  if (match === null) {
    return make('error', position >= template.length ? 'unclosed action' : 'unexpected character')
  }
  const text = match[0]
  const groups = match.groups ?? {}
  if (groups['string'] !== undefined) return make('string', text)
  if (groups['field'] !== undefined) return make('field', text)
  if (groups['variable'] !== undefined) return make('variable', text)
  if (groups['number'] !== undefined) return make('number', text)
  if (groups['dot'] !== undefined) return make('dot', text)
  if (groups['word'] !== undefined) {
    if (KEYWORDS.has(text)) return make('keyword', text)
    if (text === 'true' || text === 'false') return make('bool', text)
    return make(text === 'nil' ? 'nil' : 'identifier', text)
  }
  const punctuation = PUNCTUATION[text]
  if (punctuation !== undefined) return make(punctuation, text)
  if (text === '"') return make('error', 'unterminated quoted string')
  if (text === '`') return make('error', 'unterminated raw quoted string')
  return make('char', text)
}
