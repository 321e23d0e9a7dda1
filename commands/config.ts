import {BaseCommand} from '../src/cli/base-command.ts'
import {configView} from '../src/cli/config/config-view.ts'
import {commonFlags, machineOutputFlags} from '../src/cli/flags/common-flags.ts'

import {renderConfigView} from '../src/ui/config-text.ts'
import {machineText} from '../src/ui/machine-text.ts'

export default class Config extends BaseCommand {
  static override summary =
    'Show the configuration: its file, its profiles, and the variables that are set'
  static override description =
    'A flag is taken from the command line, else from its variable (KNTOOL_SERVICE_CREATE_IMAGE), ' +
    'else from the chosen profile, else from the defaults of the file.'
  static override examples = [
    '# Show what counts in this shell\n<%= config.bin %> config',
    '# Show what another profile would do\n<%= config.bin %> config --config-profile prod -o yaml',
  ]
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override flags = {
    ...machineOutputFlags,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Config)
    const view = await configView(
      {file: flags.config, profile: flags['config-profile']},
      process.env,
    )
    const {output} = flags
    this.print(output === undefined ? renderConfigView(view) : await machineText(view, output))
  }
}
