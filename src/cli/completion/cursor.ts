/** What may stand where the cursor is. */
import {type CommandEntry, type CommandTable, nextWords, resolveCommand} from '../command-table.ts'

/** What to complete. */
export type Completion =
  /** A word that goes on to a command. */
  | {readonly kind: 'command'; readonly path: readonly string[]; readonly current: string}
  | {readonly kind: 'flag'; readonly command: CommandEntry; readonly current: string}
  /** The value of a flag; `prefix` stands before it in the same word. */
  | {
      readonly kind: 'value'
      readonly command: CommandEntry
      readonly flag: string
      readonly current: string
      readonly prefix: string
      readonly typed: Typed
    }
  /** The argument at `index`. */
  | {
      readonly kind: 'argument'
      readonly command: CommandEntry
      readonly index: number
      readonly current: string
      readonly typed: Typed
    }

/** What stands before the cursor, as far as it is complete. */
export interface Typed {
  readonly args: readonly string[]
  /** The last value of each flag that takes one. */
  readonly flags: Readonly<Record<string, string>>
}

/** Finds out what is typed: `before` are the words before the one at the cursor, `current` that one. */
export function completionAt(
  before: readonly string[],
  current: string,
  table: CommandTable,
): Completion | undefined {
  const found = resolveCommand(before, table)
  if (found.kind === 'topic') {
    if (found.unknown !== undefined || current.startsWith('-')) return undefined
    return {kind: 'command', path: found.path, current}
  }
  const command = table.commands[found.id]
  if (command === undefined) return undefined
  const typed = readTyped(found.argv, command)
  if (typed.open !== undefined) {
    return {kind: 'value', command, flag: typed.open, current, prefix: '', typed}
  }
  if (current.startsWith('-') && !typed.onlyArguments) return flagOrValue(current, command, typed)
  const path = found.id.split(':')
  // `install` is a command, and `install plan` is one too.
  const isAlsoTopic = typed.args.length === 0 && nextWords(path, table).some((name) => name !== '')
  if (isAlsoTopic) return {kind: 'command', path, current}
  return {kind: 'argument', command, index: typed.args.length, current, typed}
}

function flagOrValue(current: string, command: CommandEntry, typed: Typed): Completion {
  const equals = current.indexOf('=')
  if (!current.startsWith('--') || equals < 0) return {kind: 'flag', command, current}
  const prefix = current.slice(0, equals + 1)
  const flag = current.slice(2, equals)
  return {kind: 'value', command, flag, current: current.slice(equals + 1), prefix, typed}
}

/** `open` is the flag that still needs its value. */
function readTyped(
  argv: readonly string[],
  {flags}: CommandEntry,
): Typed & {open: string | undefined; onlyArguments: boolean} {
  const args: string[] = []
  const values: Record<string, string> = {}
  let open: string | undefined
  let onlyArguments = false
  for (const word of argv) {
    if (open !== undefined) {
      values[open] = word
      open = undefined
    } else if (onlyArguments || !word.startsWith('-') || word === '-') {
      args.push(word)
    } else if (word === '--') {
      onlyArguments = true
    } else {
      const equals = word.indexOf('=')
      const name = nameOfFlag(equals < 0 ? word : word.slice(0, equals), flags)
      if (name === undefined || flags[name]?.type === 'boolean') continue
      if (equals < 0) open = name
      else values[name] = word.slice(equals + 1)
    }
  }
  return {args, flags: values, open, onlyArguments}
}

function nameOfFlag(word: string, flags: CommandEntry['flags']): string | undefined {
  if (word.startsWith('--')) return Object.hasOwn(flags, word.slice(2)) ? word.slice(2) : undefined
  return Object.keys(flags).find((name) => flags[name]?.char === word.slice(1))
}
