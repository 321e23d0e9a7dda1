/** Which command the words of a command line name. */

/** What is known of every command before any is loaded: the part of oclif's manifest needed here. */
export interface CommandTable {
  readonly commands: Readonly<Record<string, CommandEntry>>
}

/** One command of the table. */
export interface CommandEntry {
  readonly id: string
  readonly summary?: string | undefined
  readonly hidden?: boolean | undefined
  readonly flags: Readonly<Record<string, FlagEntry>>
}

/** One flag of a command of the table. */
export interface FlagEntry {
  readonly type: string
  readonly char?: string | undefined
  readonly summary?: string | undefined
  readonly hidden?: boolean | undefined
  readonly allowNo?: boolean | undefined
  readonly options?: readonly string[] | undefined
}

/** What the words name. */
export type Resolution =
  | {readonly kind: 'command'; readonly id: string; readonly argv: string[]}
  /** Words that begin commands but name none; `unknown` is the first word that fits nowhere. */
  | {readonly kind: 'topic'; readonly path: readonly string[]; readonly unknown?: string}

/** Other words for topics and verbs, those of kn. */
const SYNONYMS: Readonly<Record<string, string>> = {
  ksvc: 'service',
  services: 'service',
  revisions: 'revision',
  routes: 'route',
  domains: 'domain',
  containers: 'container',
  plugins: 'plugin',
  secrets: 'secret',
  ls: 'list',
}

/**
 * Finds the command, wherever flags stand: `kntool -n dev service list` is `service list`.
 *
 * A flag before the command takes the next word as its value unless every command that knows the
 * flag has it as a switch.
 */
export function resolveCommand(argv: readonly string[], table: CommandTable): Resolution {
  const ids = Object.keys(table.commands)
  // Looked for only where a flag stands before the command.
  let switches: ReadonlySet<string> | undefined
  const path: string[] = []
  const rest: string[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? ''
    if (word === '--') return {kind: 'topic', path}
    if (word.startsWith('-') && word !== '-') {
      rest.push(word)
      const value = argv[index + 1]
      switches ??= findSwitches(table)
      if (!word.includes('=') && !switches.has(word) && value !== undefined) {
        rest.push(value)
        index += 1
      }
      continue
    }
    const next = matchWord(word, path, ids)
    if (next === undefined) return {kind: 'topic', path, unknown: word}
    path.push(next)
    const id = path.join(':')
    const following = matchWord(argv[index + 1] ?? '', path, ids)
    // `install` is a command, and so is `install plan`.
    if (Object.hasOwn(table.commands, id) && following === undefined) {
      return {kind: 'command', id, argv: [...rest, ...argv.slice(index + 1)]}
    }
  }
  return {kind: 'topic', path}
}

/** The words that may follow `path`. */
export function nextWords(path: readonly string[], table: CommandTable): string[] {
  const prefix = path.length === 0 ? '' : `${path.join(':')}:`
  const words = Object.values(table.commands)
    .filter(({id, hidden}) => id.startsWith(prefix) && !hidden)
    .map(({id}) => id.slice(prefix.length).split(':')[0] ?? '')
  return [...new Set(words)].toSorted()
}

function matchWord(
  word: string,
  path: readonly string[],
  ids: readonly string[],
): string | undefined {
  const fits = (candidate: string): boolean => {
    const id = [...path, candidate].join(':')
    return ids.some((known) => known === id || known.startsWith(`${id}:`))
  }
  if (fits(word)) return word
  const synonym = Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word] : undefined
  return synonym !== undefined && fits(synonym) ? synonym : undefined
}

function findSwitches(table: CommandTable): ReadonlySet<string> {
  const switches = new Set(['-h', '--help'])
  const valued = new Set<string>()
  for (const {flags} of Object.values(table.commands)) {
    for (const [name, {type, char}] of Object.entries(flags)) {
      const target = type === 'boolean' ? switches : valued
      target.add(`--${name}`)
      if (char !== undefined) target.add(`-${char}`)
      if (type === 'boolean') target.add(`--no-${name}`)
    }
  }
  for (const name of valued) switches.delete(name)
  return switches
}
