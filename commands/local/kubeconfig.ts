import {readFileSync} from 'node:fs'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {commonFlags} from '../../src/cli/flags/common-flags.ts'
import {localFlags} from '../../src/cli/flags/local-flags.ts'
import {requireRunning} from '../../src/operations/local/find-local-cluster.ts'

export default class LocalKubeconfig extends BaseCommand {
  static override summary = 'Print the kubeconfig of the running embedded cluster'
  static override examples = [
    '# Let kubectl use it in this shell\nexport KUBECONFIG=$(<%= config.bin %> local kubeconfig --path)',
    '# Keep a copy\n<%= config.bin %> local kubeconfig > kubeconfig',
  ]
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override flags = {
    ...localFlags,
    path: Flags.boolean({summary: 'Print where the file is instead of what it says'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(LocalKubeconfig)
    const choice = {name: flags.name, dataDir: flags['data-dir'], env: process.env}
    const {kubeconfig} = requireRunning(choice).running
    this.print(flags.path ? `${kubeconfig}\n` : readFileSync(kubeconfig, 'utf8'))
  }
}
