import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Config} from '@oclif/core/config'
import type {CommandEntry, CommandTable, FlagEntry} from './command-table.ts'

/** Where the build leaves the table, beside the program. */
export const COMMAND_TABLE_FILE = 'commands.json'

/**
 * What there are of commands: from the manifest in the folder of the program, else, in a clone that was
 * never built, from the commands themselves.
 */
export async function loadCommandTable({
  root,
  pjson,
}: Pick<Config, 'root' | 'pjson'>): Promise<CommandTable> {
  const built = join(root, COMMAND_TABLE_FILE)
  if (existsSync(built)) return JSON.parse(readFileSync(built, 'utf8')) as CommandTable
  const {loadConfig} = await import('./load-config.ts')
  const {commands} = await loadConfig({root, pjson})
  return makeCommandTable(commands)
}

/** The part of what oclif knows of commands that running them needs: a tenth of it. */
export function makeCommandTable(commands: Iterable<CommandEntry>): CommandTable {
  const entries = [...commands].map(({id, summary, hidden, flags}): [string, CommandEntry] => [
    id,
    {id, summary, hidden: hidden || undefined, flags: mapValues(flags, slimFlag)},
  ])
  return {commands: Object.fromEntries(entries)}
}

function slimFlag({type, char, summary, hidden, allowNo, options}: FlagEntry): FlagEntry {
  return {
    type,
    char,
    summary,
    hidden: hidden || undefined,
    allowNo: allowNo || undefined,
    options,
  }
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, map: (value: V) => W) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}
