/** What oclif knows of the commands; the only part that needs all of it. */
import {Config} from '@oclif/core/config'
import {settings} from '@oclif/core/settings'

/** Loads oclif's configuration: from the manifest beside the commands, else from the commands. */
export async function loadConfig(options: {root: string; pjson: Config['pjson']}): Promise<Config> {
  // Node reads the TypeScript itself.
  settings.enableAutoTranspile = false
  const config = new Config(options)
  await config.load()
  return config
}
