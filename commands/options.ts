import {BaseCommand} from '../src/cli/base-command.ts'
import {clusterFlags, commonFlags} from '../src/cli/flags/common-flags.ts'
import {renderOptions} from '../src/ui/options-text.ts'

export default class Options extends BaseCommand {
  static override summary = 'Show the flags that every command has'
  static override examples = ['# Show the flags of all commands\n<%= config.bin %> options']
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags

  async run(): Promise<void> {
    await this.parse(Options)
    this.print(renderOptions(clusterFlags))
  }
}
