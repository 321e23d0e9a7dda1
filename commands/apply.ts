import * as Flags from '@oclif/core/flags'
import type {UnknownObject} from '../src/api/meta/object.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {listFlag, namespaceFlags, outputFlags, waitFlags} from '../src/cli/flags/common-flags.ts'
import {readStandardInput} from '../src/cli/input-files.ts'
import {previewFlags} from '../src/cli/flags/preview-flags.ts'
import {usageError} from '../src/cli/usage-error.ts'
import {waitLimits} from '../src/cli/wait-limits.ts'
import {applyManifests} from '../src/operations/apply/apply-manifests.ts'
import {checkManifests} from '../src/operations/apply/check-manifests.ts'
import {readManifests} from '../src/operations/apply/read-manifests.ts'
import {waitForServices} from '../src/operations/apply/wait-for-services.ts'
import {appliedLine} from '../src/ui/apply-text.ts'
import {chooseOutputPrinter} from '../src/ui/output-printer.ts'

export default class Apply extends BaseCommand {
  static override summary = 'Make objects be as files describe them'
  static override description =
    'Objects of any kind, applied on the side of the server. Nothing is written unless everything ' +
    'is right. Fields that the files do not mention are left alone.'
  static override examples = [
    '# All documents of a file\n<%= config.bin %> apply -f app.yaml',
    '# All files of a folder, and wait until their services are ready\n<%= config.bin %> apply -f manifests/ --wait',
    '# What would that change?\n<%= config.bin %> apply -f manifests/ --diff',
    '# What another program prints\n<%= config.bin %> service export web | <%= config.bin %> apply -f -',
  ]
  static override flags = {
    filename: listFlag({
      char: 'f',
      summary: 'File, folder, or - for standard input; may be given several times',
      helpValue: 'FILE',
    }),
    recursive: Flags.boolean({char: 'R', summary: 'Also the folders within folders'}),
    'force-conflicts': Flags.boolean({summary: 'Take over fields that others manage'}),
    ...previewFlags,
    ...namespaceFlags,
    ...waitFlags('the services are ready', false),
    ...outputFlags,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Apply)
    const {filename: paths = [], recursive} = flags
    if (paths.length === 0) throw usageError('--filename is missing', 'kntool apply')
    const printer = await chooseOutputPrinter(flags)
    const documents = await readManifests({paths, recursive, readStandardInput})
    const manifests = checkManifests(documents, {namespace: flags.namespace})
    const connection = await this.connect(flags, 'write')
    const applied = await applyManifests(connection, {
      manifests,
      namespace: connection.namespace,
      force: flags['force-conflicts'] ?? false,
      ...(printer === undefined && {onApplied: (one) => this.print(appliedLine(one))}),
    })
    if (flags.wait) {
      await waitForServices(connection, applied, {
        limits: waitLimits(flags),
        onReady: (name, url) => this.note(`Service '${name}' is available at URL:\n${url}`),
        onNotice: (name, lines) => this.note(`${name}: ${lines.join('\n  ')}`),
        signal: this.signal,
      })
    }
    if (printer === undefined) return
    const items: UnknownObject[] = applied.map(({object}) => object)
    this.print(printer.list({apiVersion: 'v1', kind: 'List', items}))
  }
}
