import * as Flags from '@oclif/core/flags'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, outputFlags} from '../../src/cli/flags/common-flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {exportService} from '../../src/operations/service/export-service.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'

export default class ServiceExport extends BaseCommand {
  static override summary = 'Print a service so that it can be created elsewhere'
  static override examples = [
    '# A service as YAML, without what belongs to this cluster\n<%= config.bin %> service export web --mode replay -o yaml',
    '# With all revisions that get traffic\n<%= config.bin %> service export web --with-revisions --mode replay -o yaml',
  ]
  static override args = {name: requiredName('service')}
  static override flags = {
    ...namespaceFlags,
    ...outputFlags,
    'with-revisions': Flags.boolean({summary: 'Also the revisions that the traffic names'}),
    mode: Flags.string({
      summary: 'replay: services to apply one after another; export: for service import',
      helpValue: 'MODE',
    }),
  }
  static override argumentsNeeded =
    "'kntool service export' requires name of the service as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ServiceExport)
    const printer = await chooseOutputPrinter(flags)
    if (printer === undefined) {
      throw usageError("'kntool service export' requires output format", 'kntool service export')
    }
    const {client, namespace} = await this.connect(flags, 'read')
    const document = await exportService(
      client,
      {namespace, name: args.name},
      {
        mode: flags.mode === 'replay' ? 'replay' : 'export',
        withRevisions: flags['with-revisions'] ?? false,
      },
    )
    this.print(printer.object(document))
  }
}
