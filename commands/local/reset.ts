import {BaseCommand} from '../../src/cli/base-command.ts'
import {commonFlags} from '../../src/cli/flags/common-flags.ts'
import {localFlags} from '../../src/cli/flags/local-flags.ts'
import {resetLocalCluster} from '../../src/operations/local/reset-local-cluster.ts'

export default class LocalReset extends BaseCommand {
  static override summary = 'Delete everything the stopped embedded cluster has kept'
  static override examples = [
    '# Begin anew\n<%= config.bin %> local down\n<%= config.bin %> local reset',
  ]
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override flags = localFlags

  async run(): Promise<void> {
    const {flags} = await this.parse(LocalReset)
    const path = await resetLocalCluster({
      name: flags.name,
      dataDir: flags['data-dir'],
      env: process.env,
    })
    this.print(path === undefined ? 'There is nothing to delete.\n' : `Deleted ${path}.\n`)
  }
}
