import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import {withCourse} from '../src/cli/install/install-course.ts'
import {DEFAULT_FILE, renderFile, withFile, writeSettings} from '../src/cli/install/install-file.ts'
import {courseFlags, installFlags, runFlags} from '../src/cli/flags/install-flags.ts'
import {readInstallRequest} from '../src/cli/install/install-request.ts'
import {install, planInstall} from '../src/operations/install/install.ts'
import {renderPlan, renderWhatNext} from '../src/ui/install/install-text.ts'
import {machineText} from '../src/ui/machine-text.ts'

export default class Install extends BaseCommand {
  static override summary = 'Install Knative Serving, Istio, the load balancer and the domain'
  static override description =
    'Ends by proving that a request to a service arrives. Can be interrupted and run again at any ' +
    'time: it goes on where it stopped, and changes nothing that is as it should be.'
  static override examples = [
    '# Install on the cluster of the current context\n<%= config.bin %> install --domain knative.example.com',
    '# See what it would do\n<%= config.bin %> install plan --domain knative.example.com',
    '# With the record made in Route 53, from two subnets\n<%= config.bin %> install --domain knative.example.com --dns route53 --subnets subnet-0a1b2c3d,subnet-1a2b3c4d',
    '# Without the internet, from release files on this machine\n<%= config.bin %> install --domain knative.example.com --manifests ./knative-v1.13.1',
    '# Keep the settings in a file\n<%= config.bin %> install --domain knative.example.com --write-config\n<%= config.bin %> install -f kntool.yaml',
  ]
  static override flags = {
    ...installFlags,
    ...runFlags,
    'dry-run': Flags.option({
      summary: 'Only show what would be done; server: let the server check it too',
      options: ['client', 'server'] as const,
    })(),
    'write-config': Flags.boolean({
      summary: `Write the settings to a file (-f, else ${DEFAULT_FILE}) and install nothing`,
    }),
    ...courseFlags,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Install)
    const {output, yes} = flags
    if (flags['write-config']) return this.#writeConfig(flags)
    const values = await withFile(flags, installFlags)
    const request = readInstallRequest(values, {command: 'kntool install', signal: this.signal})
    const dryRun = flags['dry-run']
    const connection = await this.connect(
      {...flags, 'dry-run': undefined},
      dryRun === undefined ? 'write' : 'read',
    )
    if (dryRun !== undefined) {
      const plan = await planInstall(connection, {...request, planBy: dryRun})
      return this.print(output === undefined ? renderPlan(plan) : await machineText(plan, output))
    }
    const outcome = await withCourse(
      {
        output,
        yes,
        clock: connection.clock,
        signal: this.signal,
        print: (text) => this.print(text),
      },
      (observer) => install(connection, request, observer),
    )
    if (output !== undefined) return this.print(await machineText(outcome, output))
    this.note(renderWhatNext(outcome))
    if (outcome.provenUrl !== undefined) this.print(`${outcome.provenUrl}\n`)
  }

  async #writeConfig(flags: Parameters<typeof withFile>[0] & {yes?: boolean}): Promise<void> {
    readInstallRequest(flags, {command: 'kntool install', signal: this.signal})
    const path = flags.filename ?? DEFAULT_FILE
    const text = await renderFile(flags, installFlags)
    await writeSettings(path, text, {replace: flags.yes ?? false})
    this.note(`Wrote ${path}. Install with it: kntool install -f ${path}`)
  }
}
