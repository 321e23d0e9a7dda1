import {BaseCommand} from '../../src/cli/base-command.ts'
import {withFile} from '../../src/cli/install/install-file.ts'
import {machineOutputFlags} from '../../src/cli/flags/common-flags.ts'
import {installFlags, runFlags} from '../../src/cli/flags/install-flags.ts'
import {readInstallRequest} from '../../src/cli/install/install-request.ts'
import {planInstall} from '../../src/operations/install/install.ts'
import {renderPlan} from '../../src/ui/install/install-text.ts'
import {machineText} from '../../src/ui/machine-text.ts'

export default class InstallPlan extends BaseCommand {
  static override summary = 'Show what install would do, without doing it'
  static override examples = [
    '# Every object, and how it would change\n<%= config.bin %> install plan --domain knative.example.com',
    '# For a program\n<%= config.bin %> install plan --domain knative.example.com -o json',
  ]
  static override flags = {
    ...installFlags,
    ...runFlags,
    ...machineOutputFlags,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(InstallPlan)
    const values = await withFile(flags, installFlags)
    const request = readInstallRequest(values, {
      command: 'kntool install plan',
      signal: this.signal,
    })
    const connection = await this.connect(flags, 'read')
    const plan = await planInstall(connection, request)
    const {output} = flags
    this.print(output === undefined ? renderPlan(plan) : await machineText(plan, output))
  }
}
