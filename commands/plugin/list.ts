import {existsSync} from 'node:fs'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {commonFlags} from '../../src/cli/flags/common-flags.ts'
import {loadCommandTable} from '../../src/cli/load-command-table.ts'
import {configuredPluginFolders, isBuiltIn} from '../../src/cli/plugins.ts'
import {KntoolError} from '../../src/errors/kntool-error.ts'
import {listPlugins, searchPath} from '../../src/operations/plugin/find-plugins.ts'
import {renderPlugins} from '../../src/ui/plugin-text.ts'

export default class PluginList extends BaseCommand {
  static override summary = 'List plugins'
  static override description =
    'Plugins are executable files whose names begin with kntool- or kn-, in the folder for plugins ' +
    'or on the PATH. kn-service-log is the command "service log".'
  static override examples = [
    '# List plugins\n<%= config.bin %> plugin list',
    '# Also where they are looked for\n<%= config.bin %> plugin list --verbose',
  ]
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override flags = {
    verbose: Flags.boolean({summary: 'Also show where plugins are looked for'}),
    'plugins-dir': Flags.string({
      summary: 'Folder made for plugins, instead of the usual ones',
      helpValue: 'FOLDER',
      env: 'KNTOOL_PLUGINS_DIR',
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(PluginList)
    const folders = await configuredPluginFolders(process.env, flags)
    const table = await loadCommandTable(this.config)
    const found = listPlugins(searchPath(folders, process.env), (words) => isBuiltIn(words, table))
    const missing = new Set(folders.filter((folder) => !existsSync(folder)))
    this.print(renderPlugins(found, flags.verbose ? {folders, missing} : undefined))
    if (found.errors.length > 0) throw new KntoolError('KN_FAILED', 'plugin validation errors')
  }
}
