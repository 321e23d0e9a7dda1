import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import {withCourse} from '../src/cli/install/install-course.ts'
import {courseFlags, upgradeFlags} from '../src/cli/flags/install-flags.ts'
import {readReleaseRequest, readTarget} from '../src/cli/install/install-request.ts'
import {planUpgrade, upgrade} from '../src/operations/install/upgrade.ts'
import {machineText} from '../src/ui/machine-text.ts'
import {renderUpgraded, renderUpgradePlan} from '../src/ui/install/upgrade-text.ts'

export default class Upgrade extends BaseCommand {
  static override summary = 'Upgrade Knative Serving, minor version by minor version'
  static override description =
    'Installs every minor version on the way, one after the other, and migrates what is stored after ' +
    'each. Refuses ways that do not exist, and a Kubernetes that is too old, before anything is ' +
    'changed. Can be interrupted and run again: it goes on where it stopped.'
  static override examples = [
    '# See what would be done\n<%= config.bin %> upgrade --to 1.15.0 --dry-run=server',
    '# Upgrade\n<%= config.bin %> upgrade --to 1.15.0',
    '# Without the internet, from a folder with knative-v1.14.0 and knative-v1.15.0 in it\n<%= config.bin %> upgrade --to 1.15.0 --manifests ./manifests',
  ]
  static override flags = {
    ...upgradeFlags,
    'dry-run': Flags.option({
      summary: 'Only show what would be done; server: let the server check it too',
      options: ['client', 'server'] as const,
    })(),
    ...courseFlags,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Upgrade)
    const {output, yes, 'dry-run': dryRun, ...rest} = flags
    const command = {command: 'kntool upgrade', signal: this.signal}
    const request = {...readReleaseRequest(rest, command), to: readTarget(flags.to, command)}
    const connection = await this.connect(rest, dryRun === undefined ? 'write' : 'read')
    if (dryRun !== undefined) {
      const plan = await planUpgrade(connection, {...request, planBy: dryRun})
      const text = output === undefined ? renderUpgradePlan(plan) : machineText(plan, output)
      return this.print(await text)
    }
    const {clock} = connection
    const outcome = await withCourse(
      {output, yes, clock, signal: this.signal, print: (text) => this.print(text)},
      (observer) => upgrade(connection, request, observer),
    )
    if (output !== undefined) return this.print(await machineText(outcome, output))
    this.note(renderUpgraded(outcome))
  }
}
