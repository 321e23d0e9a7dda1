import {isIP} from 'node:net'
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

const patterns = new Map<string, RegExp>()

/** Go's RE2 syntax is close to JavaScript's. */
function pattern(source: string): RegExp {
  let compiled = patterns.get(source)
  if (compiled === undefined) {
    try {
      compiled = new RegExp(
        source.replaceAll(String.raw`\z`, '$').replace(/^\(\?i\)/, ''),
        flagsOf(source),
      )
    } catch {
      throw new CelError(`error parsing regexp: ${source}`)
    }
    patterns.set(source, compiled)
  }
  return compiled
}

function flagsOf(source: string): string {
  return source.startsWith('(?i)') ? 'gui' : 'gu'
}

function matchesOf(text: string, source: string): string[] {
  return [...text.matchAll(pattern(source))].map(([match]) => match)
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
  const wanted = runes(part)
  const start = from ?? (last ? all.length : 0)
  const found = all.flatMap((_, at) =>
    wanted.every((rune, k) => all[at + k] === rune) ? [at] : [],
  )
  const fitting = last ? found.filter((at) => at <= start).at(-1) : found.find((at) => at >= start)
  return BigInt(fitting ?? -1)
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
  matches: (text, source) => matchesOf(asText(text), asText(source)).length > 0,
  find: (text, source) => matchesOf(asText(text), asText(source))[0] ?? '',
  findAll: (text, source, limit) =>
    matchesOf(asText(text), asText(source)).slice(
      0,
      limit === undefined ? undefined : asIndex(limit),
    ),
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
