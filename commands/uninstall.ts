import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import {withCourse} from '../src/cli/install/install-course.ts'
import {courseFlags, releaseFlags} from '../src/cli/flags/install-flags.ts'
import {readReleaseRequest} from '../src/cli/install/install-request.ts'
import {planUninstall, uninstall} from '../src/operations/install/uninstall.ts'
import {machineText} from '../src/ui/machine-text.ts'
import {renderUninstalled, renderUninstallPlan} from '../src/ui/install/uninstall-text.ts'

export default class Uninstall extends BaseCommand {
  static override summary = 'Remove Knative Serving, Istio, the load balancer and the record'
  static override description =
    'Removes everything in the order that leaves nothing behind, and waits until the load balancer ' +
    'and its record are gone. Can be interrupted and run again: it goes on where it stopped.'
  static override examples = [
    '# See what would go\n<%= config.bin %> uninstall --dry-run',
    '# Also the services, without a question\n<%= config.bin %> uninstall --delete-services --yes',
    '# Without the internet, with the files it was installed from\n<%= config.bin %> uninstall --manifests ./knative-v1.13.1',
  ]
  static override flags = {
    ...releaseFlags,
    'delete-services': Flags.boolean({
      summary: 'Also delete the services, which go with the kinds of Knative',
    }),
    'with-istio': Flags.boolean({
      summary: 'Also remove Istio (default: if it came with Knative and nobody else uses it)',
      allowNo: true,
    }),
    'dry-run': Flags.boolean({summary: 'Only show what would be done'}),
    ...courseFlags,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Uninstall)
    const {output, yes, 'dry-run': dryRun, ...rest} = flags
    const request = {
      ...readReleaseRequest(rest, {command: 'kntool uninstall', signal: this.signal}),
      deleteServices: flags['delete-services'] ?? false,
      withIstio: flags['with-istio'],
    }
    const connection = await this.connect(rest, dryRun ? 'read' : 'write')
    if (dryRun) {
      const plan = await planUninstall(connection, request)
      const text = output === undefined ? renderUninstallPlan(plan) : machineText(plan, output)
      return this.print(await text)
    }
    const outcome = await withCourse(
      {
        output,
        yes,
        clock: connection.clock,
        signal: this.signal,
        print: (text) => this.print(text),
      },
      (observer) => uninstall(connection, request, observer),
    )
    if (output !== undefined) return this.print(await machineText(outcome, output))
    this.note(renderUninstalled(outcome))
  }
}
