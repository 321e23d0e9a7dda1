import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import {serverVersion} from '../src/operations/server-version.ts'
import {printDocument} from '../src/ui/print-object.ts'

export default class Version extends BaseCommand {
  static override summary = 'Show the version of this program, and of the cluster'
  static override description =
    'The cluster is asked only with --server, so that this works without any.'
  static override examples = [
    '# Show the version of this program\n<%= config.bin %> version',
    '# Show what the cluster runs as well\n<%= config.bin %> version --server -o json',
  ]
  static override flags = {
    server: Flags.boolean({summary: 'Also ask the cluster'}),
    output: Flags.option({
      char: 'o',
      summary: 'Print as json or yaml',
      options: ['json', 'yaml'] as const,
      env: 'KNTOOL_OUTPUT',
    })(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Version)
    const client = {version: this.config.version, node: process.version}
    const connection = flags.server ? await this.connect(flags, 'read') : undefined
    const server = connection && (await serverVersion(connection.client))
    if (flags.output !== undefined) {
      const document = {client, ...(server !== undefined && {server})}
      return this.print(printDocument(document, flags.output))
    }
    this.print(`Version: ${client.version}\n`)
    if (server === undefined) return
    this.print(`Kubernetes: ${server.kubernetes}\n`)
    this.print(`Knative Serving: ${server.serving ?? 'not installed'}\n`)
  }
}
