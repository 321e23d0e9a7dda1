/**
 * Text to number and back with the rules, limits and error texts of Go's `strconv`, because
 * ConfigMaps and annotations are judged by them and people read those texts.
 */

function syntaxError(func: string, text: string): Error {
  return new Error(`strconv.${func}: parsing ${quote(text)}: invalid syntax`)
}

function rangeError(func: string, text: string): Error {
  return new RangeError(`strconv.${func}: parsing ${quote(text)}: value out of range`)
}

/**
 * Parses a decimal integer that fits into `bits` bits. `func` is the name in the error's text.
 *
 * @throws RangeError when it does not fit, Error when it is no integer.
 */
export function parseInteger(text: string, bits: 16 | 32 | 64, func = 'ParseInt'): number {
  if (!/^[+-]?[0-9]+$/.test(text)) throw syntaxError(func, text)
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  if (BigInt.asIntN(bits, value) !== value) throw rangeError(func, text)
  return Number(value)
}

/** Parses a decimal integer as Go's `strconv.Atoi` does. Throws as {@link parseInteger}. */
export function atoi(text: string): number {
  return parseInteger(text, 64, 'Atoi')
}

/** Parses a decimal integer without sign that fits into `bits` bits. Throws as {@link parseInteger}. */
export function parseUnsigned(text: string, bits: 16 | 32 | 64): number {
  if (!/^[0-9]+$/.test(text)) throw syntaxError('ParseUint', text)
  const value = BigInt(text)
  if (BigInt.asUintN(bits, value) !== value) throw rangeError('ParseUint', text)
  return Number(value)
}

const FLOAT = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/

/**
 * Parses a 64-bit float, including `inf` and `nan`. Hexadecimal floats are not known here.
 *
 * @throws RangeError when it is too large, Error when it is no number.
 */
export function parseFloat64(text: string): number {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text)
  if (special !== null) {
    if (special[2]?.toLowerCase() !== 'nan') return special[1] === '-' ? -Infinity : Infinity
    if (special[1] === '') return Number.NaN
  }
  if (!FLOAT.test(text)) throw syntaxError('ParseFloat', text)
  const value = Number(text)
  if (!Number.isFinite(value)) throw rangeError('ParseFloat', text)
  return value
}

/** Parses `1 t T TRUE true True` and `0 f F FALSE false False`. Throws on anything else. */
export function parseBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false
  throw syntaxError('ParseBool', text)
}

/** A float as Go's `%v` and `%g` print it: shortest, with an exponent below 1e-4 and from 1e21. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const magnitude = Math.abs(value)
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e21)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  return String(value)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** A string as Go's `%q` prints it. */
export function quote(text: string): string {
  let quoted = '"'
  for (const character of text) {
    const escape = ESCAPES[character]
    if (escape !== undefined) quoted += escape
    else if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) quoted += character
    else quoted += escapeCodePoint(character.codePointAt(0) ?? 0)
  }
  return `${quoted}"`
}

function escapeCodePoint(code: number): string {
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`
  return `\\U${code.toString(16).padStart(8, '0')}`
}
