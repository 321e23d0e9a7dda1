import {badRequest} from '../errors.ts'
import {labelValue, qualifiedName} from '../validation/names.ts'

/** One condition on labels. */
interface Requirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | 'exists' | 'absent' | 'gt' | 'lt'
  readonly values: ReadonlySet<string>
}

/** Whether labels fit a selector. */
export type LabelMatcher = (labels: Readonly<Record<string, string>> | undefined) => boolean

const matchers = new Map<string, LabelMatcher>()

/**
 * Reads a label selector: `a=b,c in (d, e),!f,g`. Undefined for an empty one.
 *
 * Throws 400 with the texts of k8s.io/apimachinery `labels.Parse`.
 */
export function parseLabelSelector(text: string): LabelMatcher | undefined {
  if (text.trim() === '') return undefined
  const known = matchers.get(text)
  if (known !== undefined) return known
  const requirements = new Parser(text).parse()
  const matcher: LabelMatcher = (labels = {}) =>
    requirements.every((requirement) => fits(requirement, labels))
  // Controllers use a few selectors for ever; a client that sends ever new ones fills no memory.
  if (matchers.size < 1000) matchers.set(text, matcher)
  return matcher
}

function fits(
  {key, operator, values}: Requirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'exists':
      return value !== undefined
    case 'absent':
      return value === undefined
    case 'in':
      return value !== undefined && values.has(value)
    case 'notin':
      return value === undefined || !values.has(value)
    case 'gt':
    case 'lt': {
      const [limit = ''] = values
      if (value === undefined || !/^-?\d+$/.test(value)) return false
      return operator === 'gt' ? Number(value) > Number(limit) : Number(value) < Number(limit)
    }
  }
}

const TOKEN = /\s*(==|!=|=|!|<|>|,|\(|\)|[^\s=!<>,()]+)/gy

class Parser {
  readonly #tokens: string[]
  #position = 0

  constructor(text: string) {
    this.#tokens = [...text.matchAll(TOKEN)].map((match) => match[1] ?? '')
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = []
    for (;;) {
      requirements.push(this.#requirement())
      const next = this.#peek()
      if (next === '') return requirements
      if (next !== ',') throw refuse(`found '${next}', expected: ',' or 'end of string'`)
      this.#position++
      if (this.#peek() === '') {
        throw refuse("found '', expected: identifier after ','")
      }
    }
  }

  #requirement(): Requirement {
    const isNegated = this.#peek() === '!'
    if (isNegated) this.#position++
    const key = this.#identifier()
    const keyProblem = qualifiedName(key)[0]
    if (keyProblem !== undefined) {
      throw badRequest(
        `unable to parse requirement: <nil>: Invalid value: ${JSON.stringify(key)}: ${keyProblem}`,
      )
    }
    const none = new Set<string>()
    if (isNegated) return {key, operator: 'absent', values: none}
    const operator = this.#peek()
    if (operator === '' || operator === ',') return {key, operator: 'exists', values: none}
    this.#position++
    switch (operator) {
      case '=':
      case '==':
        return {key, operator: 'in', values: this.#single(key)}
      case '!=':
        return {key, operator: 'notin', values: this.#single(key)}
      case '>':
        return {key, operator: 'gt', values: this.#single(key)}
      case '<':
        return {key, operator: 'lt', values: this.#single(key)}
      case 'in':
      case 'notin':
        return {key, operator, values: this.#list(key)}
      default:
        throw refuse(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`)
    }
  }

  #identifier(): string {
    const token = this.#peek()
    if (token === '' || /^[=!<>,()]/.test(token)) {
      throw refuse(`found '${token}', expected: !, identifier, or 'end of string'`)
    }
    this.#position++
    return token
  }

  #single(key: string): Set<string> {
    const token = this.#peek()
    if (token === '' || token === ',') return new Set([''])
    if (/^[=!<>()]/.test(token)) throw refuse(`found '${token}', expected: identifier`)
    this.#position++
    return new Set([checkedValue(key, token)])
  }

  #list(key: string): Set<string> {
    const open = this.#peek()
    if (open !== '(') throw refuse(`found '${open}' expected: '('`)
    this.#position++
    const values = new Set<string>()
    for (;;) {
      const token = this.#peek()
      if (token === '') throw refuse("found '', expected: ',', ')' or identifier")
      this.#position++
      if (token === ')') return values.size === 0 ? new Set(['']) : values
      if (token === ',') continue
      values.add(checkedValue(key, token))
    }
  }

  #peek(): string {
    return this.#tokens[this.#position] ?? ''
  }
}

function checkedValue(key: string, value: string): string {
  const problem = labelValue(value)[0]
  if (problem !== undefined) {
    throw badRequest(
      `unable to parse requirement: values[0][${key}]: Invalid value: ${JSON.stringify(value)}: ${problem}`,
    )
  }
  return value
}

function refuse(what: string): Error {
  return badRequest(`unable to parse requirement: ${what}`)
}
