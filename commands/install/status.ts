import {BaseCommand} from '../../src/cli/base-command.ts'
import {machineOutputFlags} from '../../src/cli/flags/common-flags.ts'
import {awsFlags} from '../../src/cli/flags/install-flags.ts'
import {installStatus} from '../../src/operations/install/status.ts'
import {renderInstallStatus} from '../../src/ui/install/install-status-text.ts'
import {machineText} from '../../src/ui/machine-text.ts'

export default class InstallStatus extends BaseCommand {
  static override summary = 'Show what is installed, and how far it has come'
  static override examples = [
    '# Versions, domain, load balancer, record, and each step\n<%= config.bin %> install status',
    '# For a program\n<%= config.bin %> install status -o json',
  ]
  static override flags = {
    ...awsFlags,
    ...machineOutputFlags,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(InstallStatus)
    const connection = await this.connect(flags, 'read')
    const {region, profile, output} = flags
    const status = await installStatus(connection, {region, profile})
    this.print(
      output === undefined ? renderInstallStatus(status) : await machineText(status, output),
    )
  }
}
