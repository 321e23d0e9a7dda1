import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {commonFlags} from '../../src/cli/flags/common-flags.ts'
import {localFlags} from '../../src/cli/flags/local-flags.ts'
import {localStatus} from '../../src/operations/local/local-status.ts'
import {renderLocalStatus} from '../../src/ui/local-text.ts'
import {SystemClock} from '../../src/util/clock.ts'

export default class LocalStatus extends BaseCommand {
  static override summary = 'Show whether and where the embedded cluster runs'
  static override description = 'Exits with 0 if it runs and with 3 if it does not.'
  static override examples = [
    '# Show addresses and files\n<%= config.bin %> local status',
    '# Start it unless it runs\n<%= config.bin %> local status > /dev/null || <%= config.bin %> local up --detach',
  ]
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override flags = {
    ...localFlags,
    output: Flags.option({char: 'o', summary: 'Print as json', options: ['json'] as const})(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(LocalStatus)
    const status = localStatus({name: flags.name, dataDir: flags['data-dir'], env: process.env})
    this.print(
      flags.output === 'json'
        ? `${JSON.stringify(status, undefined, 2)}\n`
        : renderLocalStatus(status, new SystemClock().now()),
    )
    if (status.state !== 'running') process.exitCode = 3
  }
}
