/**
 * Words of a command line to flags and arguments, by the rules of kn's parser (pflag), which
 * oclif's own does not follow: a value may begin with a dash (`--arg -v`) or be empty, `--wait=false`
 * is one word, and the order in which different flags were given is kept.
 */
import {UsageErrors} from '../errors/usage-errors.ts'
import {didYouMean} from '../util/did-you-mean.ts'
import {usageError} from './usage-error.ts'

/** What the parser has to know of an oclif flag. */
export interface FlagSpec {
  readonly type: 'boolean' | 'option'
  readonly char?: string | undefined
  readonly multiple?: boolean | undefined
  /** Splits each value of a flag that may be given several times. */
  readonly delimiter?: string | undefined
  /** Also `--no-<name>`. */
  readonly allowNo?: boolean | undefined
  readonly options?: readonly string[] | undefined
  /** Flags that cannot be given together with this one. */
  readonly exclusive?: readonly string[] | undefined
  readonly aliases?: readonly string[] | undefined
  /** The environment variable that stands in for the flag in every command. */
  readonly env?: string | undefined
}

/** One use of a flag. */
export interface Occurrence {
  readonly name: string
  readonly value: string | boolean
}

/** The words of a command line, told apart. */
export interface ParsedWords {
  /** The uses of flags, in the order of the command line. */
  readonly occurrences: readonly Occurrence[]
  readonly args: readonly string[]
}

/**
 * Tells flags and arguments apart; `command` names the command in messages.
 *
 * @throws KN_USAGE with all unknown flags, missing values and contradictions.
 */
export function parseArgv(
  argv: readonly string[],
  specs: Readonly<Record<string, FlagSpec>>,
  {command}: {command: string},
): ParsedWords {
  const errors = new UsageErrors()
  const parser = new ArgvParser(argv, specs, {command, errors})
  parser.run()
  checkExclusive(parser.occurrences, specs, {command, errors})
  errors.throwAny()
  return {occurrences: parser.occurrences, args: parser.args}
}

class ArgvParser {
  readonly occurrences: Occurrence[] = []
  readonly args: string[] = []
  readonly #words: string[]
  readonly #specs: Readonly<Record<string, FlagSpec>>
  readonly #command: string
  readonly #errors: UsageErrors
  readonly #chars = new Map<string, string>()
  readonly #aliases = new Map<string, string>()

  constructor(
    argv: readonly string[],
    specs: Readonly<Record<string, FlagSpec>>,
    {command, errors}: {command: string; errors: UsageErrors},
  ) {
    this.#words = [...argv]
    this.#specs = specs
    this.#command = command
    this.#errors = errors
    for (const [name, spec] of Object.entries(specs)) {
      if (spec.char !== undefined) this.#chars.set(spec.char, name)
      for (const alias of spec.aliases ?? []) this.#aliases.set(alias, name)
    }
  }

  run(): void {
    for (let word = this.#words.shift(); word !== undefined; word = this.#words.shift()) {
      if (word === '--') {
        this.args.push(...this.#words.splice(0))
      } else if (word.startsWith('--')) {
        this.#errors.try(() => this.#long(word.slice(2)))
      } else if (word.startsWith('-') && word !== '-') {
        this.#errors.try(() => this.#short(word.slice(1)))
      } else {
        this.args.push(word)
      }
    }
  }

  #long(text: string): void {
    const equals = text.indexOf('=')
    const given = equals < 0 ? text : text.slice(0, equals)
    const value = equals < 0 ? undefined : text.slice(equals + 1)
    const name = this.#aliases.get(given) ?? given
    const spec = Object.hasOwn(this.#specs, name) ? this.#specs[name] : undefined
    if (spec !== undefined) {
      if (spec.type === 'boolean') this.#boolean(name, spec, value)
      else this.#option(name, value ?? this.#next(`--${given}`))
      return
    }
    const positive = given.startsWith('no-') ? given.slice(3) : undefined
    if (positive !== undefined && this.#specs[positive]?.allowNo) {
      this.#negation(positive, value)
      return
    }
    throw this.#unknown(given)
  }

  #short(text: string): void {
    let rest = text
    while (rest !== '') {
      const char = rest.charAt(0)
      const name = this.#chars.get(char)
      const spec = name === undefined ? undefined : this.#specs[name]
      if (name === undefined || spec === undefined) {
        throw usageError(
          `unknown shorthand flag: '${char}' in -${text} for '${this.#command}'`,
          this.#command,
        )
      }
      rest = rest.slice(1)
      if (spec.type === 'boolean') {
        this.#boolean(name, spec, undefined)
        continue
      }
      const attached = rest.startsWith('=') ? rest.slice(1) : rest
      this.#option(name, rest === '' ? this.#next(`'${char}' in -${text}`) : attached)
      return
    }
  }

  #boolean(name: string, spec: FlagSpec, text: string | undefined): void {
    const value = text === undefined ? true : parseBoolean(text)
    if (value === undefined) {
      throw usageError(`invalid argument "${text}" for "--${name}" flag`, this.#command)
    }
    if (spec.allowNo && !value) {
      throw usageError(
        `use --no-${name} instead of providing "${text}" to --${name}`,
        this.#command,
      )
    }
    this.#add(name, value)
  }

  #negation(name: string, text: string | undefined): void {
    if (text !== undefined && parseBoolean(text) !== true) {
      throw usageError(
        `use --${name} instead of providing "${text}" to --no-${name}`,
        this.#command,
      )
    }
    this.#add(name, false)
  }

  #option(name: string, value: string): void {
    const {options} = this.#specs[name] ?? {}
    if (options !== undefined && !options.includes(value)) {
      throw usageError(
        `invalid argument "${value}" for "--${name}" flag: must be one of ${options.join(', ')}`,
        this.#command,
        didYouMean(value, options),
      )
    }
    this.#add(name, value)
  }

  #add(name: string, value: string | boolean): void {
    const other = this.occurrences.some((use) => use.name === name && use.value !== value)
    if (other && this.#specs[name]?.allowNo) {
      throw usageError(`only one of --no-${name} and --${name} may be specified`, this.#command)
    }
    this.occurrences.push({name, value})
  }

  #next(flag: string): string {
    const value = this.#words.shift()
    if (value !== undefined) return value
    throw usageError(`flag needs an argument: ${flag} for '${this.#command}'`, this.#command)
  }

  #unknown(given: string): Error {
    const known = Object.keys(this.#specs)
    const similar = didYouMean(given, known).map((name) => `--${name}`)
    return usageError(`unknown flag: --${given} for '${this.#command}'`, this.#command, similar)
  }
}

function checkExclusive(
  given: readonly Occurrence[],
  specs: Readonly<Record<string, FlagSpec>>,
  {command, errors}: {command: string; errors: UsageErrors},
): void {
  const names = new Set(given.filter(({value}) => value !== false).map(({name}) => name))
  for (const name of names) {
    const other = specs[name]?.exclusive?.find((candidate) => names.has(candidate))
    if (other !== undefined && (name < other || !specs[other]?.exclusive?.includes(name))) {
      errors.add(usageError(`--${name} and --${other} cannot be given together`, command))
    }
  }
}

/** Text to boolean as Go's `strconv.ParseBool`; undefined if it is neither. */
export function parseBoolean(text: string): boolean | undefined {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false
  return undefined
}

/**
 * Splits the value of a flag that takes a comma-separated list. Double quotes keep commas together
 * and are doubled inside, as in CSV.
 */
export function splitList(text: string): string[] {
  if (text === '') return []
  if (!text.includes('"')) return text.split(',')
  const field = /(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g
  return [...text.matchAll(field)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  )
}
