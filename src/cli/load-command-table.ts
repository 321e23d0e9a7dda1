import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Config} from '@oclif/core/config'
import type {CommandTable} from './command-table.ts'

/**
 * What there are of commands: from the manifest in the folder of the program, else, in a clone that was
 * never built, from the commands themselves.
 */
export async function loadCommandTable({
  root,
  pjson,
}: Pick<Config, 'root' | 'pjson'>): Promise<CommandTable> {
  const manifest = join(root, 'oclif.manifest.json')
  if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')) as CommandTable
  const {loadConfig} = await import('./help.ts')
  const {commands} = await loadConfig({root, pjson})
  const entries = commands.map(({id, summary, hidden, flags}) => [
    id,
    {id, flags, hidden, ...(summary !== undefined && {summary})},
  ])
  return {commands: Object.fromEntries(entries)}
}
