/**
 * JSON values as YAML, in the form of Go's `sigs.k8s.io/yaml`: fields sorted, lists not indented,
 * texts plain where they cannot be mistaken for something else. So `-o yaml` is equal to that of
 * kubectl and kn.
 */
import {hasUnseen} from '../util/visible-text.ts'

/** The YAML of a JSON value, with a newline at its end. */
export function printYaml(value: unknown): string {
  const isScalar = typeof value !== 'object' || value === null || isEmpty(value)
  return isScalar ? `${scalar(value, 0)}\n` : block(value, 0)
}

function block(value: object, indent: number): string {
  const pad = ' '.repeat(indent)
  if (Array.isArray(value)) {
    return value.map((item) => `${pad}- ${nested(item, indent + 2).replace(/^\s+/, '')}`).join('')
  }
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, item]) => `${pad}${scalar(name, indent)}:${field(item, indent)}`)
    .join('')
}

function nested(item: unknown, indent: number): string {
  if (typeof item === 'object' && item !== null && !isEmpty(item)) return block(item, indent)
  return `${scalar(item, indent)}\n`
}

// Lists begin in the column of their field's name.
function field(item: unknown, indent: number): string {
  if (typeof item !== 'object' || item === null || isEmpty(item)) {
    return ` ${scalar(item, indent + 2)}\n`
  }
  return `\n${block(item, Array.isArray(item) ? indent : indent + 2)}`
}

function isEmpty(value: object): boolean {
  return Object.values(value).every((item) => item === undefined)
}

function scalar(value: unknown, indent: number): string {
  if (typeof value === 'string') return text(value, indent)
  if (Array.isArray(value)) return '[]'
  if (typeof value === 'object' && value !== null) return '{}'
  return String(value)
}

function text(value: string, indent: number): string {
  if (value.includes('\n') && canBeBlock(value)) return literal(value, indent)
  if (/[\n\t]/.test(value) || hasSpecial(value) || resolvesToOther(value)) {
    return doubleQuoted(value)
  }
  return canBePlain(value) ? value : `'${value.replaceAll("'", "''")}'`
}

/** A text over several lines; `|-` without, `|` with one, `|+` with several newlines at the end. */
function literal(value: string, indent: number): string {
  const pad = ' '.repeat(indent)
  const chomping = value.endsWith('\n\n') || value === '\n' ? '+' : value.endsWith('\n') ? '' : '-'
  const hint = /^[ \n]/.test(value) ? '2' : ''
  const lines = (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n')
  return `|${hint}${chomping}\n${lines.map((line) => (line === '' ? '' : pad + line)).join('\n')}`
}

// What the emitter of libyaml refuses as a block: spaces before a line break, characters that do
// not print.
function canBeBlock(value: string): boolean {
  return !/ (\n|$)/.test(value) && !hasSpecial(value.replaceAll('\n', ''))
}

/** Characters that need escapes. */
function hasSpecial(value: string): boolean {
  // oxlint-disable-next-line no-control-regex -- exactly these need escapes
  return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udfff](?![\udc00-\udfff])/u.test(
    value,
  )
}

/** Texts that a reader of YAML 1.1 would take for null, a boolean, a number or a time. */
function resolvesToOther(value: string): boolean {
  return (
    value === '' ||
    /^(~|null|Null|NULL|<<)$/.test(value) ||
    /^(y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE)$/.test(
      value,
    ) ||
    /^[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$/.test(value) ||
    /^[-+]?(\.[0-9_]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?$/.test(value) ||
    /^[-+]?(\.inf|\.Inf|\.INF)$|^(\.nan|\.NaN|\.NAN)$/.test(value) ||
    /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(value) ||
    /^\d{4}-\d\d?-\d\d?([Tt ]\d\d?:\d\d?:\d\d?(\.\d*)?([Zz]| ?[-+]\d\d?(:\d\d)?)?)?$/.test(value)
  )
}

/** Whether a text may stand without quotes. */
function canBePlain(value: string): boolean {
  return (
    !/^[\s,[\]{}#&*!|>'"%@`]/.test(value) &&
    !/^[-?:](\s|$)/.test(value) &&
    !/^(---|\.\.\.)(\s|$)/.test(value) &&
    !/:(\s|$)|\s#|\s$/.test(value)
  )
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\u0000': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\v': '\\v',
  '\f': '\\f',
  '\u001b': '\\e',
  '\u0085': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

function doubleQuoted(value: string): string {
  const escaped = Array.from(value, (char) => {
    const known = ESCAPES[char]
    if (known !== undefined) return known
    const code = char.codePointAt(0) ?? 0
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`
    }
    return hasUnseen(char) ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}` : char
  })
  return `"${escaped.join('')}"`
}
