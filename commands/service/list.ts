import {apiVersionOf} from '../../src/api/meta/resource-type.ts'
import {SERVICES} from '../../src/api/serving/v1.ts'
import {optionalName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {listFlags, namespacesFlags} from '../../src/cli/flags/common-flags.ts'
import {targetFlags} from '../../src/cli/flags/target-flags.ts'
import {listServices} from '../../src/operations/service/list-services.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'
import {renderServiceTable} from '../../src/ui/tables.ts'

export default class ServiceList extends BaseCommand {
  static override summary = 'List services'
  static override examples = [
    '# List the services of the namespace\n<%= config.bin %> service list',
    '# List the services of all namespaces as JSON\n<%= config.bin %> service list -A -o json',
    '# Show one service\n<%= config.bin %> service list web',
  ]
  static override args = {name: optionalName('service')}
  static override flags = {...namespacesFlags, ...listFlags, ...targetFlags}
  static override argumentsNeeded = "'kntool service list' accepts maximum 1 argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ServiceList)
    const printer = await chooseOutputPrinter(flags)
    const {client, namespace, clock} = await this.connect(flags, 'read')
    const everywhere = flags['all-namespaces'] ?? false
    const services = await listServices(client, {
      namespace: everywhere ? undefined : namespace,
      name: args.name,
    })
    if (printer !== undefined) {
      const kind = flags.target
        ? {apiVersion: 'v1', kind: 'List'}
        : {apiVersion: apiVersionOf(SERVICES), kind: 'ServiceList'}
      return this.print(printer.list({...kind, items: services}))
    }
    if (services.length === 0) return this.print('No services found.\n')
    this.print(
      renderServiceTable(services, {
        nowMs: clock.now(),
        withNamespace: everywhere,
        withHeaders: !flags['no-headers'],
      }),
    )
  }
}
