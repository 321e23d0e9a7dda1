import {apiVersionOf} from '../../src/api/meta/resource-type.ts'
import {DOMAIN_MAPPINGS} from '../../src/api/serving/v1.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {listFlags, namespacesFlags} from '../../src/cli/flags/common-flags.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'
import {renderDomainTable} from '../../src/ui/tables.ts'

export default class DomainList extends BaseCommand {
  static override summary = 'List domain mappings'
  static override examples = [
    '# List the domain mappings of the namespace\n<%= config.bin %> domain list',
    '# List all host names\n<%= config.bin %> domain list -A -o jsonpath=\'{range .items[*]}{.metadata.name}{"\\n"}{end}\'',
  ]
  static override flags = {...namespacesFlags, ...listFlags}

  async run(): Promise<void> {
    const {flags} = await this.parse(DomainList)
    const printer = await chooseOutputPrinter(flags)
    const {client, namespace, clock} = await this.connect(flags, 'read')
    const everywhere = flags['all-namespaces'] ?? false
    const {items} = await client.list(DOMAIN_MAPPINGS, {
      namespace: everywhere ? undefined : namespace,
    })
    if (printer !== undefined) {
      const list = {apiVersion: apiVersionOf(DOMAIN_MAPPINGS), items, kind: 'DomainMappingList'}
      return this.print(printer.list(list))
    }
    if (items.length === 0) return this.print('No domain mapping found.\n')
    this.print(
      renderDomainTable(items, {
        nowMs: clock.now(),
        withNamespace: everywhere,
        withHeaders: !flags['no-headers'],
      }),
    )
  }
}
