/** Reads what a JSONPath finds in a document: no, one or several values. */
export type JsonPathReader = (document: unknown) => unknown[]

type Step =
  | {readonly kind: 'field'; readonly name: string}
  | {readonly kind: 'index'; readonly index: number}
  | {readonly kind: 'all'}
  | {
      readonly kind: 'filter'
      readonly path: JsonPathReader
      readonly operator: string
      readonly value: unknown
    }

/**
 * Reads the subset of JSONPath that printer columns use: `.status.conditions[?(@.type=="Ready")]`,
 * `.items[0].name`, `['a.b']`, `[*]`. Undefined for a text that is none.
 *
 * Counterpart of k8s.io/client-go `util/jsonpath`.
 */
export function parseJsonPath(text: string): JsonPathReader | undefined {
  const steps = parseSteps(text.replace(/^\{(.*)\}$/s, '$1').replace(/^[$@]/, ''))
  if (steps === undefined) return undefined
  return (document) =>
    steps.reduce<unknown[]>(
      (values, step) => values.flatMap((value) => take(value, step)),
      [document],
    )
}

const BRACKET = /\[((?:'[^']*'|"[^"]*"|[^\]])*)\]/y

function parseSteps(text: string): Step[] | undefined {
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    if (text.startsWith('.*', at)) {
      steps.push({kind: 'all'})
      at += 2
      continue
    }
    if (text[at] === '.' && text[at + 1] === '[') at++
    BRACKET.lastIndex = at
    const field = readField(text, at)
    if (field !== undefined) {
      steps.push({kind: 'field', name: field.name})
      at = field.end
      continue
    }
    const bracket = BRACKET.exec(text)
    const step = bracket === null ? undefined : parseBracket(bracket[1] ?? '')
    if (step === undefined) return undefined
    steps.push(step)
    at += bracket?.[0].length ?? 0
  }
  return steps
}

/** A field may contain dots that are escaped by a backslash. */
function readField(text: string, start: number): {name: string; end: number} | undefined {
  if (text[start] !== '.') return undefined
  let name = ''
  let at = start + 1
  for (; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\\') name += text[++at] ?? ''
    else if (char === '.' || char === '[') break
    else name += char
  }
  return name === '' ? undefined : {name, end: at}
}

function parseBracket(inside: string): Step | undefined {
  const text = inside.trim()
  if (text === '*') return {kind: 'all'}
  if (/^-?\d+$/.test(text)) return {kind: 'index', index: Number(text)}
  const quoted = /^'([^']*)'$|^"([^"]*)"$/.exec(text)
  if (quoted !== null) {
    const name = quoted[1] ?? quoted[2] ?? ''
    return {kind: 'field', name: name.replace(/\\(.)/g, '$1')}
  }
  const filter = /^\?\(\s*@(.*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?)\s*)?\)$/s.exec(text)
  if (filter === null) return undefined
  const [, left = '', operator = 'exists', right] = filter
  const path = parseJsonPath(left)
  if (path === undefined) return undefined
  return {kind: 'filter', path, operator, value: parseLiteral(right)}
}

function parseLiteral(text: string | undefined): unknown {
  if (text === undefined) return undefined
  const quoted = /^'(.*)'$|^"(.*)"$/s.exec(text)
  if (quoted !== null) return quoted[1] ?? quoted[2]
  if (text === 'true' || text === 'false') return text === 'true'
  return Number.isNaN(Number(text)) ? text : Number(text)
}

function take(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  switch (step.kind) {
    case 'field': {
      const found = Object.hasOwn(value, step.name)
        ? (value as Record<string, unknown>)[step.name]
        : undefined
      return found === undefined ? [] : [found]
    }
    case 'index': {
      const found = Array.isArray(value) ? value.at(step.index) : undefined
      return found === undefined ? [] : [found]
    }
    case 'all':
      return Object.values(value)
    case 'filter':
      return (Array.isArray(value) ? value : Object.values(value)).filter((item) =>
        compares(step.path(item)[0], step.operator, step.value),
      )
  }
}

function compares(left: unknown, operator: string, right: unknown): boolean {
  switch (operator) {
    case 'exists':
      return left !== undefined
    case '==':
      return left === right
    case '!=':
      return left !== right
    default:
      return typeof left === typeof right && order(left as string, operator, right as string)
  }
}

function order(left: string | number, operator: string, right: string | number): boolean {
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  if (operator === '>') return left > right
  return left >= right
}
