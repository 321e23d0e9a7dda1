import {apiVersionOf} from '../../src/api/meta/resource-type.ts'
import {ROUTES} from '../../src/api/serving/v1.ts'
import {optionalName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {listFlags, namespacesFlags} from '../../src/cli/flags/common-flags.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'
import {renderRouteTable} from '../../src/ui/tables.ts'

export default class RouteList extends BaseCommand {
  static override summary = 'List routes'
  static override examples = [
    '# List the routes of the namespace\n<%= config.bin %> route list',
    '# Show one route as YAML\n<%= config.bin %> route list web -o yaml',
  ]
  static override args = {name: optionalName('route')}
  static override flags = {...namespacesFlags, ...listFlags}
  static override argumentsNeeded = "'kntool route list' accepts only one additional argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RouteList)
    const printer = await chooseOutputPrinter(flags)
    const {client, namespace, clock} = await this.connect(flags, 'read')
    const {items} = await client.list(ROUTES, {
      namespace: flags['all-namespaces'] ? undefined : namespace,
      fieldSelector: args.name === undefined ? undefined : `metadata.name=${args.name}`,
    })
    if (printer !== undefined) {
      const list = {apiVersion: apiVersionOf(ROUTES), items, kind: 'RouteList'}
      return this.print(printer.list(list))
    }
    if (items.length === 0) return this.print('No routes found.\n')
    this.print(renderRouteTable(items, {nowMs: clock.now(), withHeaders: !flags['no-headers']}))
  }
}
