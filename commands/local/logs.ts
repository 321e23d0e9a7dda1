import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {commonFlags, integerFlag} from '../../src/cli/flags/common-flags.ts'
import {localFlags} from '../../src/cli/flags/local-flags.ts'
import {readLocalLogs} from '../../src/operations/local/read-local-logs.ts'

export default class LocalLogs extends BaseCommand {
  static override summary = 'Print the logs of the components of the embedded cluster'
  static override examples = [
    '# What the activator does, as it happens\n<%= config.bin %> local logs activator -f',
    '# The last hundred lines of everything\n<%= config.bin %> local logs --tail 100',
  ]
  static override args = {
    component: Args.string({
      description: 'activator, autoscaler, controller, …',
      ignoreStdin: true,
    }),
  }
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override flags = {
    ...localFlags,
    follow: Flags.boolean({char: 'f', summary: 'Go on as lines are written'}),
    tail: integerFlag({summary: 'Lines to begin with (default: all)', helpValue: 'N'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(LocalLogs)
    const lines = readLocalLogs({
      name: flags.name,
      dataDir: flags['data-dir'],
      env: process.env,
      component: args.component,
      follow: flags.follow,
      tail: flags.tail,
      signal: this.signal,
    })
    for await (const line of lines) this.print(`${line}\n`)
  }
}
