/** The functions a Go template may call. Each throws an Error that says what Go would say. */
import {formatFloat, quote} from '../strconv.ts'

/** A Go struct: unlike a map, asking it for a field it does not have is an error. */
export class GoStruct {
  readonly typeName: string
  readonly fields: Readonly<Record<string, unknown>>

  constructor(typeName: string, fields: Readonly<Record<string, unknown>>) {
    this.typeName = typeName
    this.fields = fields
  }
}

/** A function of templates; throws an Error that says what Go would say. */
export type TemplateFunction = (...args: unknown[]) => unknown

/** What an `if` takes for true: not zero, not empty, not nil. */
export function isTruthy(value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof GoStruct) return true
  if (typeof value === 'object') return Object.keys(value).length > 0
  return Boolean(value)
}

/** A value as it appears in the output. */
export function printValue(value: unknown): string {
  if (value === undefined || value === null) return '<no value>'
  if (typeof value === 'string') return value
  if (typeof value === 'number') return formatFloat(value)
  if (Array.isArray(value)) return `[${value.map(printValue).join(' ')}]`
  if (value instanceof GoStruct) {
    return `{${Object.values(value.fields).map(printField).join(' ')}}`
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `map[${entries.map(([key, item]) => `${key}:${printValue(item)}`).join(' ')}]`
  }
  return typeof value === 'boolean' ? String(value) : ''
}

function printField(value: unknown): string {
  return value === undefined ? 'map[]' : printValue(value)
}

/** A value's type as error messages name it. */
export function typeName(value: unknown): string {
  if (value === undefined || value === null) return 'nil'
  if (value instanceof GoStruct) return value.typeName
  if (Array.isArray(value)) return '[]string'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : 'map[string]string'
}

function index(collection: unknown, ...keys: unknown[]): unknown {
  let value = collection
  for (const key of keys) {
    if (value === undefined || value === null) throw new Error('index of untyped nil')
    if (Array.isArray(value)) {
      if (typeof key !== 'number')
        throw new Error(`cannot index slice/array with type ${typeName(key)}`)
      if (key < 0 || key >= value.length) throw new Error(`index out of range: ${key}`)
      value = value[key]
    } else if (typeof value === 'object' && !(value instanceof GoStruct)) {
      // A map of strings gives the empty string for a key it does not have.
      value = Reflect.get(value, String(key)) ?? ''
    } else throw new Error(`can't index item of type ${typeName(value)}`)
  }
  return value
}

function slice(value: unknown, from: unknown = 0, to?: unknown): unknown {
  if (typeof value !== 'string' && !Array.isArray(value)) {
    throw new Error(`can't slice item of type ${typeName(value)}`)
  }
  const end = to === undefined ? value.length : Number(to)
  const start = Number(from)
  if (start < 0 || end > value.length) throw new Error(`index out of range: ${end}`)
  if (start > end) throw new Error(`invalid slice index: ${start} > ${end}`)
  return value.slice(start, end)
}

function length(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (Array.isArray(value)) return value.length
  if (typeof value === 'object' && value !== null && !(value instanceof GoStruct)) {
    return Object.keys(value).length
  }
  throw new Error(`len of type ${typeName(value)}`)
}

function compare(left: unknown, right: unknown): number {
  if (typeof left !== typeof right || (typeof left !== 'string' && typeof left !== 'number')) {
    throw new Error('incompatible types for comparison')
  }
  if (left === right) return 0
  return left < (right as typeof left) ? -1 : 1
}

function equal(first: unknown, ...others: unknown[]): boolean {
  if (others.length === 0) throw new Error('missing argument for comparison')
  return others.some((other) => {
    if (typeof first !== typeof other) throw new Error('incompatible types for comparison')
    return first === other
  })
}

/** Go takes no wider ones, and nothing that comes after. */
const MAX_WIDTH = 1_000_000

/** `printf` with the verbs `%s %v %d %q %t %x %%`, widths included. */
function printf(format: unknown, ...args: unknown[]): string {
  let next = 0
  const text = String(format)
  const widths = [...text.matchAll(/%[-0]*([0-9]+)/g)]
  const tooWide = widths.find(([, width]) => Number(width) > MAX_WIDTH)
  const known = tooWide === undefined ? text : `${text.slice(0, tooWide.index)}%%!(NOVERB)`
  return known.replaceAll(
    /%([-0]*)([0-9]*)([svdqtx%])/g,
    (_, flags: string, width: string, verb: string) => {
      if (verb === '%') return '%'
      if (next >= args.length) return `%!${verb}(MISSING)`
      const value = args[next++]
      const shown =
        verb === 'q'
          ? quote(String(value))
          : verb === 'x'
            ? Buffer.from(String(value)).toString('hex')
            : printValue(value)
      if (flags.includes('-')) return shown.padEnd(Number(width))
      return shown.padStart(Number(width), flags.includes('0') ? '0' : ' ')
    },
  )
}

/** Go separates two operands by a space when neither is a string. */
function print(...args: unknown[]): string {
  return args
    .map((arg, at) => {
      const before = args[at - 1]
      const gap = at > 0 && typeof arg !== 'string' && typeof before !== 'string' ? ' ' : ''
      return gap + printValue(arg)
    })
    .join('')
}

const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}
const JAVASCRIPT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
}

function escapeJavaScript(text: string): string {
  return text.replaceAll(/[\\'"<>&=\p{Cc}]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return JAVASCRIPT[character] ?? `\\u${code}`
  })
}

/** All functions but `and` and `or`, which do not evaluate all their arguments. */
export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  eq: equal,
  ge: (left, right) => compare(left, right) >= 0,
  gt: (left, right) => compare(left, right) > 0,
  html: (...args) => print(...args).replaceAll(/["'&<>]/g, (found) => HTML[found] ?? found),
  index,
  js: (...args) => escapeJavaScript(print(...args)),
  le: (left, right) => compare(left, right) <= 0,
  len: length,
  lt: (left, right) => compare(left, right) < 0,
  ne: (left, right) => !equal(left, right),
  not: (value) => !isTruthy(value),
  print,
  printf,
  println: (...args) => `${args.map(printValue).join(' ')}\n`,
  slice,
  urlquery: (...args) => encodeURIComponent(print(...args)).replaceAll('%20', '+'),
}

/** Every name a template may call. */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set([...Object.keys(FUNCTIONS), 'and', 'or'])
