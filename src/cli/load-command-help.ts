import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Config} from '@oclif/core/config'
import type {CommandHelp} from '../ui/command-help.ts'

/** What a command says about itself: from the manifest of the build, else from the command. */
export async function loadCommandHelp(
  id: string,
  {root, pjson}: Pick<Config, 'root' | 'pjson'>,
): Promise<CommandHelp | undefined> {
  const manifest = join(root, 'oclif.manifest.json')
  if (existsSync(manifest)) {
    const {commands} = JSON.parse(readFileSync(manifest, 'utf8')) as {
      commands: Record<string, CommandHelp>
    }
    return commands[id]
  }
  const {loadConfig} = await import('./load-config.ts')
  const {commands} = await loadConfig({root, pjson})
  return commands.find((command) => command.id === id) as CommandHelp | undefined
}
