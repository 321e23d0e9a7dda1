import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {commonFlags} from '../../src/cli/flags/common-flags.ts'
import {localFlags} from '../../src/cli/flags/local-flags.ts'
import {restoreLocalCluster} from '../../src/operations/local/restore-local-cluster.ts'
import {renderRestored} from '../../src/ui/local-text.ts'

export default class LocalRestore extends BaseCommand {
  static override summary = 'Put back a copy of what the stopped embedded cluster kept'
  static override description =
    'Each clean stop leaves a copy, of which the newest three stay. ' +
    'The files that are there now are kept in a folder beside them.'
  static override examples = [
    '# The newest copy\n<%= config.bin %> local restore',
    '# No copy, but what can still be read of a damaged database\n<%= config.bin %> local restore --readable',
  ]
  static override args = {
    copy: Args.string({description: 'Name of a copy (default: the newest)', ignoreStdin: true}),
  }
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override flags = {
    ...localFlags,
    readable: Flags.boolean({summary: 'Go on with what can be read of the current database'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(LocalRestore)
    const restored = restoreLocalCluster({
      name: flags.name,
      dataDir: flags['data-dir'],
      env: process.env,
      backup: args.copy,
      readable: flags.readable,
      now: new Date(),
    })
    this.print(renderRestored(restored))
  }
}
