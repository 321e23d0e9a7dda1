import * as Flags from '@oclif/core/flags'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags} from '../../src/cli/flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {exportService} from '../../src/operations/service/export-service.ts'
import {printDocument} from '../../src/ui/print-object.ts'

export default class ServiceExport extends BaseCommand {
  static override summary = 'Print a service so that it can be created elsewhere'
  static override examples = [
    '# A service as YAML, without what belongs to this cluster\n<%= config.bin %> service export web --mode replay -o yaml',
    '# With all revisions that get traffic\n<%= config.bin %> service export web --with-revisions --mode replay -o yaml',
  ]
  static override args = {name: requiredName('service')}
  static override flags = {
    ...namespaceFlags,
    output: Flags.string({
      char: 'o',
      summary: 'json or yaml; has to be given',
      helpValue: 'FORMAT',
      env: 'KNTOOL_OUTPUT',
    }),
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
    const {output} = flags
    if (output === undefined) {
      throw usageError("'kntool service export' requires output format", 'kntool service export')
    }
    if (output !== 'json' && output !== 'yaml') {
      throw usageError(
        `unable to match a printer suitable for the output format "${output}", ` +
          'allowed formats are: json,yaml',
        'kntool service export',
      )
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
    this.print(printDocument(document, output))
  }
}
