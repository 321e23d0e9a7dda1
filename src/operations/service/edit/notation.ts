/** kn's notation of pairs: `name=value`, and `name-` for what is to be taken away. */
import {KntoolError} from '../../../errors/kntool-error.ts'
import {quote} from '../../../util/strconv.ts'

/** Pairs to set, in order, and names to take away. */
export interface PairEdits {
  readonly set: ReadonlyMap<string, string>
  readonly remove: readonly string[]
}

/** An input that cannot be right. */
export function invalid(message: string): KntoolError {
  return new KntoolError('KN_USAGE', message)
}

/** Runs what reads a flag: its errors name the flag, also where their text, which is kn's, does not. */
export function naming<T>(flag: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof KntoolError) || error.message.includes(flag)) throw error
    const {code, message, hints, details} = error
    throw new KntoolError(code, message, {
      hint: [`That is what ${flag} was given.`, ...hints],
      details: {...details, flag},
      cause: error,
    })
  }
}

/**
 * Reads pairs whose order counts; a later one replaces an earlier of the same name. `quoted` is whether
 * an error may repeat the text.
 */
export function parsePairs(
  texts: readonly string[],
  what: string,
  {quoted = true}: {quoted?: boolean} = {},
): PairEdits {
  const set = new Map<string, string>()
  const remove: string[] = []
  for (const text of texts) {
    const {name, value} = splitPair(text)
    if (value !== undefined) {
      set.set(name, value)
    } else if (name.endsWith('-')) {
      remove.push(name.slice(0, -1))
    } else {
      throw invalid(
        `Invalid ${what}: argument requires a value that contains the "=" character` +
          (quoted ? `; got ${quote(text)}` : ''),
      )
    }
  }
  return {set, remove}
}

/** Reads pairs of a map: no name twice, and a name alone stands for an empty value. */
export function parseMap(texts: readonly string[], what: string): PairEdits {
  const set = new Map<string, string>()
  const remove: string[] = []
  for (const text of texts) {
    const {name, value = ''} = splitPair(text)
    if (name === '' && text.includes('=')) throw invalid(`Invalid ${what}: The key is empty`)
    if (set.has(name)) {
      throw invalid(
        `Invalid ${what}: The key ${quote(name)} has been duplicate in [${texts.join(' ')}]`,
      )
    }
    if (name.endsWith('-')) remove.push(name.slice(0, -1))
    else set.set(name, value)
  }
  return {set, remove}
}

/** Splits `name=value` at the first `=`; the value is undefined without one. */
function splitPair(text: string): {name: string; value: string | undefined} {
  const equals = text.indexOf('=')
  return equals < 0
    ? {name: text, value: undefined}
    : {name: text.slice(0, equals), value: text.slice(equals + 1)}
}

/** Applies edits to a map; undefined when nothing is left of one that was not there. */
export function editMap(
  map: Readonly<Record<string, string>> | undefined,
  {set, remove}: PairEdits,
): Record<string, string> | undefined {
  if (map === undefined && set.size === 0) return undefined
  const edited = {...map, ...Object.fromEntries(set)}
  for (const name of remove) delete edited[name]
  return edited
}
