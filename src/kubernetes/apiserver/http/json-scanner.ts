/** What {@link scanJson} found. */
export interface JsonScan {
  /** What is wrong, in the words of Go's encoding/json. */
  readonly problem?: string
  /** Paths of fields that stand twice in one object: `data.a`. The first hundred. */
  readonly duplicates: readonly string[]
}

/**
 * Walks a JSON text without building its value: JSON.parse tells neither doubled fields nor Go's
 * error messages, and clients see both.
 */
export function scanJson(text: string): JsonScan {
  const scanner = new Scanner(text)
  const problem = scanner.run()
  return {...(problem !== undefined && {problem}), duplicates: scanner.duplicates}
}

class ScanError extends Error {}

const WHITESPACE = /[ \t\r\n]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
/** Go stops at 10,000, where our stack would have ended; no object is a tenth as deep as this. */
const MAX_DEPTH = 1000
/**
 * Ten times what most of the large objects of practice have, which are CRDs. To look at each value several
 * times, as admission and server-side apply do, takes long enough with these.
 */
const MAX_VALUES = 25_000
/** Go stops counting here too. */
const MAX_DUPLICATES = 100

class Scanner {
  readonly duplicates: string[] = []
  readonly #text: string
  #at = 0
  #values = 0
  /** Names and indexes down to the place that is read. */
  readonly #path: (string | number)[] = []

  constructor(text: string) {
    this.#text = text
  }

  run(): string | undefined {
    try {
      this.#value()
      this.#space()
      if (this.#at < this.#text.length) throw this.#unexpected('after top-level value')
      return undefined
    } catch (error) {
      if (error instanceof ScanError) return error.message
      throw error
    }
  }

  #value(): void {
    if (++this.#values > MAX_VALUES) {
      throw new ScanError(`exceeded max number of values: ${MAX_VALUES}`)
    }
    this.#space()
    const char = this.#text[this.#at]
    if (char === '{') this.#object()
    else if (char === '[') this.#list()
    else if (char === '"') this.#string()
    else if (char === 't') this.#literal('true')
    else if (char === 'f') this.#literal('false')
    else if (char === 'n') this.#literal('null')
    else this.#number()
  }

  #object(): void {
    this.#enter()
    const names = new Set<string>()
    this.#space()
    if (this.#text[this.#at] === '}') {
      this.#leave()
      return
    }
    for (;;) {
      this.#space()
      if (this.#text[this.#at] !== '"') {
        throw this.#unexpected('looking for beginning of object key string')
      }
      const raw = this.#string()
      const name = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
      this.#path[this.#path.length - 1] = name
      if (names.has(name) && this.duplicates.length < MAX_DUPLICATES) {
        this.duplicates.push(this.#place())
      }
      names.add(name)
      this.#space()
      if (this.#text[this.#at] !== ':') throw this.#unexpected('after object key')
      this.#at++
      this.#value()
      this.#space()
      const next = this.#text[this.#at]
      if (next === ',') this.#at++
      else if (next === '}') {
        this.#leave()
        return
      } else throw this.#unexpected('after object key:value pair')
    }
  }

  #list(): void {
    this.#enter()
    this.#space()
    if (this.#text[this.#at] === ']') {
      this.#leave()
      return
    }
    for (let index = 0; ; index++) {
      this.#path[this.#path.length - 1] = index
      this.#value()
      this.#space()
      const next = this.#text[this.#at]
      if (next === ',') this.#at++
      else if (next === ']') {
        this.#leave()
        return
      } else throw this.#unexpected('after array element')
    }
  }

  #enter(): void {
    this.#at++
    if (this.#path.push('') > MAX_DEPTH) throw new ScanError('exceeded max depth')
  }

  #leave(): void {
    this.#at++
    this.#path.pop()
  }

  #place(): string {
    return this.#path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .slice(1)
  }

  /** The text between the quotes, escapes as they stand. */
  #string(): string {
    const start = ++this.#at
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) throw new ScanError('unexpected end of JSON input')
      if (char === '"') break
      if (char < ' ') throw this.#unexpected('in string literal')
      if (char === '\\') {
        this.#at++
        this.#escape()
      }
      this.#at++
    }
    const raw = this.#text.slice(start, this.#at)
    this.#at++
    return raw
  }

  #escape(): void {
    const char = this.#text[this.#at]
    if (char === undefined) throw new ScanError('unexpected end of JSON input')
    if (char === 'u') {
      for (let digit = 0; digit < 4; digit++) {
        this.#at++
        if (!/[0-9a-fA-F]/.test(this.#text[this.#at] ?? '')) {
          throw this.#unexpected('in \\u hexadecimal character escape')
        }
      }
    } else if (!'"\\/bfnrt'.includes(char)) throw this.#unexpected('in string escape code')
  }

  #literal(word: string): void {
    for (let index = 0; index < word.length; index++) {
      if (this.#text[this.#at] !== word[index]) {
        throw this.#unexpected(`in literal ${word} (expecting ${quoteChar(word[index] ?? '')})`)
      }
      this.#at++
    }
  }

  #number(): void {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (match === null) throw this.#unexpected('looking for beginning of value')
    this.#at += match[0].length
  }

  #space(): void {
    const code = this.#text.charCodeAt(this.#at)
    if (code > 32) return
    WHITESPACE.lastIndex = this.#at
    this.#at += WHITESPACE.exec(this.#text)?.[0].length ?? 0
  }

  #unexpected(where: string): ScanError {
    const char = this.#text[this.#at]
    if (char === undefined) return new ScanError('unexpected end of JSON input')
    return new ScanError(`invalid character ${quoteChar(char)} ${where}`)
  }
}

/** A character as Go quotes it in these messages. */
function quoteChar(char: string): string {
  if (char === "'") return String.raw`'\''`
  if (char === '"') return `'"'`
  if (char === '\n') return String.raw`'\n'`
  if (char === '\t') return String.raw`'\t'`
  if (char === '\r') return String.raw`'\r'`
  const code = char.codePointAt(0) ?? 0
  // Control characters, as `%q` writes them.
  if (code < 0x20) return `'\\x${code.toString(16).padStart(2, '0')}'`
  if (code >= 0x7f && code < 0xa0) return `'\\u${code.toString(16).padStart(4, '0')}'`
  return `'${char}'`
}
