import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {installFlags, readInstallSettings} from '../../src/cli/install-flags.ts'
import {planInstall} from '../../src/operations/install/install.ts'
import {renderPlan} from '../../src/ui/install-text.ts'

export default class InstallPlan extends BaseCommand {
  static override summary = 'Show what install would do, without doing it'
  static override examples = [
    '# Every object, and whether it would be created or changed\n<%= config.bin %> install plan --domain knative.example.com',
    '# For a program\n<%= config.bin %> install plan --domain knative.example.com -o json',
  ]
  static override flags = {
    ...installFlags,
    output: Flags.option({
      char: 'o',
      summary: 'Print as json',
      options: ['json'] as const,
      env: 'KNTOOL_OUTPUT',
    })(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(InstallPlan)
    const settings = readInstallSettings(flags, 'kntool install plan')
    const connection = await this.connect(flags, 'read')
    const plan = await planInstall(connection, {
      settings,
      manifests: flags.manifests,
      signal: this.signal,
    })
    this.print(
      flags.output === 'json' ? `${JSON.stringify(plan, undefined, 2)}\n` : renderPlan(plan),
    )
  }
}
