import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import {installFlags, readInstallSettings} from '../src/cli/install-flags.ts'
import {install, planInstall} from '../src/operations/install/install.ts'
import {installEventLine} from '../src/ui/install-events.ts'
import {installProgressLines} from '../src/ui/install-progress.ts'
import {renderPlan, renderWhatNext} from '../src/ui/install-text.ts'

export default class Install extends BaseCommand {
  static override summary = 'Install Knative Serving, Istio and the domain, and prove that it works'
  static override description =
    'Can be interrupted and run again at any time: it goes on where it stopped, and changes nothing ' +
    'that is as it should be.'
  static override examples = [
    '# Install with a domain\n<%= config.bin %> install --domain knative.example.com',
    '# See what it would do\n<%= config.bin %> install plan --domain knative.example.com',
    '# From release files on this machine\n<%= config.bin %> install --domain knative.example.com --manifests ./knative-v1.13.1',
  ]
  static override flags = {
    ...installFlags,
    'dry-run': Flags.option({
      summary: 'Only show what would be done',
      options: ['client'] as const,
    })(),
    output: Flags.option({
      char: 'o',
      summary: 'Print the result as json, or the course as ndjson',
      options: ['json', 'ndjson'] as const,
      env: 'KNTOOL_OUTPUT',
    })(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Install)
    const {output, manifests} = flags
    const settings = readInstallSettings(flags, 'kntool install')
    const dryRun = flags['dry-run'] !== undefined
    const connection = await this.connect(flags, dryRun ? 'read' : 'write')
    const request = {settings, manifests, signal: this.signal}
    if (dryRun) {
      const plan = await planInstall(connection, request)
      return this.print(output === undefined ? renderPlan(plan) : json(plan, output))
    }
    const lines = installProgressLines((text) => void process.stderr.write(text))
    const outcome = await install(connection, {
      ...request,
      onEvent: (event) => {
        if (output === 'ndjson') this.print(installEventLine(event, connection.clock.now()))
        else lines(event)
      },
    })
    if (output !== undefined) return this.print(json(outcome, output))
    this.note(renderWhatNext(outcome))
    if (outcome.url !== undefined) this.print(`${outcome.url}\n`)
  }
}

function json(value: object, format: 'json' | 'ndjson'): string {
  if (format === 'json') return `${JSON.stringify(value, undefined, 2)}\n`
  return `${JSON.stringify({type: 'result', ...value})}\n`
}
