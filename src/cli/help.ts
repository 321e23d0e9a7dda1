/** The help of commands, the only part that needs all of oclif. */
import {Config} from '@oclif/core/config'
import {Help} from '@oclif/core/help'
import {settings} from '@oclif/core/settings'

/** Loads oclif's configuration: from the manifest beside the commands, else from the commands. */
export async function loadConfig(options: {root: string; pjson: Config['pjson']}): Promise<Config> {
  // Node reads the TypeScript itself.
  settings.enableAutoTranspile = false
  const config = new Config(options)
  await config.load()
  return config
}

/** Prints the help of a command. */
export async function showHelp(
  id: string,
  options: {root: string; pjson: Config['pjson']},
): Promise<void> {
  const config = await loadConfig(options)
  await new Help(config).showHelp([id])
}
