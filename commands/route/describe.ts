import {ROUTES} from '../../src/api/serving/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, outputFlags, verboseFlags} from '../../src/cli/flags/common-flags.ts'
import {describeRoute} from '../../src/ui/describe/describe-route.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'

export default class RouteDescribe extends BaseCommand {
  static override summary = 'Show details of a route'
  static override examples = [
    '# Show where the traffic of a route goes\n<%= config.bin %> route describe web',
  ]
  static override args = {name: requiredName('route')}
  static override flags = {...namespaceFlags, ...outputFlags, ...verboseFlags}
  static override argumentsNeeded =
    "'kntool route describe' requires name of the route as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RouteDescribe)
    const printer = await chooseOutputPrinter(flags)
    const {client, namespace, clock} = await this.connect(flags, 'read')
    const route = await client.get(ROUTES, {namespace, name: args.name})
    if (printer !== undefined) return this.print(printer.object(route))
    this.print(describeRoute(route, {verbose: flags.verbose ?? false, nowMs: clock.now()}))
  }
}
