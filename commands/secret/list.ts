import {SECRETS} from '../../src/api/core/v1.ts'
import {apiVersionOf} from '../../src/api/meta/resource-type.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {listFlags, namespaceFlags} from '../../src/cli/flags/common-flags.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'
import {renderSecretTable} from '../../src/ui/tables.ts'

export default class SecretList extends BaseCommand {
  static override summary = 'List secrets'
  static override examples = ['# List the secrets of the namespace\n<%= config.bin %> secret list']
  static override flags = {...namespaceFlags, ...listFlags}

  async run(): Promise<void> {
    const {flags} = await this.parse(SecretList)
    const printer = await chooseOutputPrinter(flags)
    const {client, namespace, clock} = await this.connect(flags, 'read')
    const {items} = await client.list(SECRETS, {namespace})
    if (printer !== undefined) {
      // The items of a list of built-in kinds do not say what they are.
      const type = {apiVersion: apiVersionOf(SECRETS), kind: SECRETS.kind}
      const typed = items.map((item) => ({...item, ...type}))
      return this.print(printer.list({...type, kind: 'SecretList', items: typed}))
    }
    if (items.length === 0) return this.print('No secret found.\n')
    this.print(renderSecretTable(items, {nowMs: clock.now(), withHeaders: !flags['no-headers']}))
  }
}
