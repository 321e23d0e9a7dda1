import * as Flags from '@oclif/core/flags'
import {apiVersionOf} from '../../src/api/meta/resource-type.ts'
import {REVISIONS, SERVICES} from '../../src/api/serving/v1.ts'
import {optionalName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {listFlags, namespacesFlags} from '../../src/cli/flags/common-flags.ts'
import {listRevisions, withTraffic} from '../../src/operations/revision/list-revisions.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'
import {renderRevisionTable} from '../../src/ui/tables.ts'

export default class RevisionList extends BaseCommand {
  static override summary = 'List revisions with their share of the traffic'
  static override examples = [
    '# List all revisions of the namespace\n<%= config.bin %> revision list',
    '# List the revisions of one service\n<%= config.bin %> revision list -s web',
  ]
  static override args = {name: optionalName('revision')}
  static override flags = {
    ...namespacesFlags,
    ...listFlags,
    service: Flags.string({
      char: 's',
      summary: 'Show revisions of this service only',
      helpValue: 'NAME',
    }),
  }
  static override argumentsNeeded = "'kntool revision list' accepts maximum 1 argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RevisionList)
    const printer = await chooseOutputPrinter(flags)
    const connection = await this.connect(flags, 'read')
    const {client, clock} = connection
    const everywhere = flags['all-namespaces'] ?? false
    const namespace = everywhere ? undefined : connection.namespace
    const {service} = flags
    if (service !== undefined) await client.get(SERVICES, {namespace, name: service})
    const revisions = await listRevisions(client, {namespace, service, name: args.name})
    if (printer !== undefined) {
      const list = {apiVersion: apiVersionOf(REVISIONS), items: revisions, kind: 'RevisionList'}
      return this.print(printer.list(list))
    }
    if (revisions.length === 0) return this.print('No revisions found.\n')
    this.print(
      renderRevisionTable(await withTraffic(client, revisions, namespace), {
        nowMs: clock.now(),
        withNamespace: everywhere,
        withHeaders: !flags['no-headers'],
      }),
    )
  }
}
