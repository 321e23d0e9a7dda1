import {isIP} from 'node:net'
import {
  compileRegExp,
  type LinearRegExp,
  RegExpSyntaxError,
} from '../../../util/regexp/linear-regexp.ts'
import {indexInList} from './list-functions.ts'
import {
  asIndex,
  asList,
  asText,
  CelError,
  type CelValue,
  isList,
  type CelFunction,
} from './values.ts'

/** A pattern of RE2. Throws a {@link CelError} for what is none. */
function pattern(source: string): LinearRegExp {
  try {
    return compileRegExp(source)
  } catch (error) {
    if (error instanceof RegExpSyntaxError) throw new CelError(error.message, {cause: error})
    throw error
  }
}

/** Characters, as Go counts them. */
function runes(text: string): string[] {
  return Array.from(text)
}

function within(index: number, length: number): number {
  if (index < 0 || index > length) throw new CelError(`index out of range: ${index}`)
  return index
}

function indexIn(text: string, part: string, from: number | undefined, last: boolean): bigint {
  const all = runes(text)
  const start = from ?? (last ? all.length : 0)
  const before = all.slice(0, start).join('').length
  const found = last ? text.lastIndexOf(part, before) : text.indexOf(part, before)
  return BigInt(found < 0 ? -1 : runes(text.slice(0, found)).length)
}

function index(last: boolean): CelFunction {
  return (target, part, from) => {
    if (target !== undefined && isList(target)) return indexInList(target, part ?? null, last)
    const start = from === undefined ? undefined : asIndex(from)
    return indexIn(asText(target), asText(part), start, last)
  }
}

/** Functions of strings. */
export const STRING_FUNCTIONS: Readonly<Record<string, CelFunction>> = {
  startsWith: (text, part) => asText(text).startsWith(asText(part)),
  endsWith: (text, part) => asText(text).endsWith(asText(part)),
  contains: (text, part) => asText(text).includes(asText(part)),
  matches: (text, source) => pattern(asText(source)).test(asText(text)),
  find: (text, source) => pattern(asText(source)).findAll(asText(text), 1)[0] ?? '',
  findAll: (text, source, limit) => {
    const most = limit === undefined ? -1 : asIndex(limit)
    return pattern(asText(source)).findAll(asText(text), most < 0 ? undefined : most)
  },
  charAt: (text, at) => {
    const all = runes(asText(text))
    return all[within(asIndex(at), all.length)] ?? ''
  },
  indexOf: index(false),
  lastIndexOf: index(true),
  lowerAscii: (text) => asText(text).replaceAll(/[A-Z]+/g, (part) => part.toLowerCase()),
  upperAscii: (text) => asText(text).replaceAll(/[a-z]+/g, (part) => part.toUpperCase()),
  trim: (text) => asText(text).trim(),
  replace: (text, part, by, limit) => replace(asText(text), asText(part), asText(by), limit),
  split: (text, separator, limit) => {
    const parts = asText(text).split(asText(separator))
    const most = limit === undefined ? -1 : asIndex(limit)
    if (most < 0 || parts.length <= most) return parts
    if (most === 0) return []
    return [...parts.slice(0, most - 1), parts.slice(most - 1).join(asText(separator))]
  },
  join: (list, separator = '') => asList(list).map(asText).join(asText(separator)),
  substring: (text, from, to) => {
    const all = runes(asText(text))
    const end = to === undefined ? all.length : within(asIndex(to), all.length)
    const start = within(asIndex(from), all.length)
    if (start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`)
    return all.slice(start, end).join('')
  },
  reverse: (value: CelValue | undefined) =>
    value !== undefined && isList(value)
      ? value.toReversed()
      : runes(asText(value)).toReversed().join(''),
  isIP: (text) => isIP(asText(text)) !== 0,
  isCIDR: (text) => {
    const [address = '', bits = ''] = asText(text).split('/')
    const family = isIP(address)
    return family !== 0 && /^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  },
}

function replace(text: string, part: string, by: string, limit: CelValue | undefined): string {
  const most = limit === undefined ? -1 : asIndex(limit)
  let count = 0
  return text.replaceAll(part, (found) => (most >= 0 && count++ >= most ? found : by))
}
