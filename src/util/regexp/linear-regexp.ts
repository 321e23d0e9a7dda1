/**
 * Regular expressions that come from outside: of a CRD, a VirtualService, a flag. They are RE2's, as
 * Kubernetes and Envoy take them, and matching takes time that is linear in the text: 28 characters
 * of `(a+)+$` do not stop a process that serves others.
 */
import {RE2JS} from 're2js'
import {messageOf} from '../message-of.ts'
import {programSize} from './program-size.ts'

/** A pattern that has been understood. */
export interface LinearRegExp {
  /** Whether the pattern is found anywhere in the text. */
  test(text: string): boolean
  /** Whether the pattern takes the whole text. */
  testWhole(text: string): boolean
  /** What the pattern finds, from left to right, at most `limit` of it. */
  findAll(text: string, limit?: number): string[]
}

/** A pattern that is none. The message is that of Go's `regexp.Compile`. */
export class RegExpSyntaxError extends Error {
  override readonly name = 'RegExpSyntaxError'
}

/** Understood patterns by their text: the same few are asked for again and again. */
const compiled = new Map<string, LinearRegExp>()

/** How many patterns are kept: whoever makes up new ones must not fill the memory. */
const MAX_KEPT = 1000

/** Longer ones, or larger ones once their repetitions are written out, take too long to understand. */
const MAX_LENGTH = 16_384
const MAX_PROGRAM_SIZE = 10_000

/** Understands a pattern. Throws a {@link RegExpSyntaxError}. */
export function compileRegExp(pattern: string): LinearRegExp {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const made = make(pattern)
  if (compiled.size >= MAX_KEPT) compiled.clear()
  compiled.set(pattern, made)
  return made
}

function make(pattern: string): LinearRegExp {
  const program = parse(pattern)
  return {
    test: (text) => program.test(text),
    testWhole: (text) => program.testExact(text),
    findAll(text, limit = Infinity) {
      const found: string[] = []
      const matcher = program.matcher(text)
      while (found.length < limit && matcher.find()) found.push(matcher.group() ?? '')
      return found
    },
  }
}

function parse(pattern: string): RE2JS {
  if (pattern.length > MAX_LENGTH || programSize(pattern) > MAX_PROGRAM_SIZE) {
    throw new RegExpSyntaxError('error parsing regexp: expression too large')
  }
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    throw new RegExpSyntaxError(messageOf(error), {cause: error})
  }
}
