import {SERVICES} from '../../src/api/serving/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, outputFlags} from '../../src/cli/flags/common-flags.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'
import {printTraffic, renderTraffic} from '../../src/ui/traffic-text.ts'

export default class TrafficDescribe extends BaseCommand {
  static override summary = 'Show where the traffic of a service goes'
  static override examples = [
    '# Show shares, tags and their URLs\n<%= config.bin %> traffic describe web',
    '# As JSON\n<%= config.bin %> traffic describe web -o json',
    '# The URL of a tag\n<%= config.bin %> traffic describe web -o jsonpath=\'{[?(@.tag=="blue")].url}\'',
  ]
  static override args = {name: requiredName('service')}
  static override flags = {...namespaceFlags, ...outputFlags}
  static override argumentsNeeded =
    "'traffic describe' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(TrafficDescribe)
    const named = flags.output?.toLowerCase() === 'name'
    const printer = named ? ('name' as const) : await chooseOutputPrinter(flags)
    const {client, namespace} = await this.connect(flags, 'read')
    const service = await client.get(SERVICES, {namespace, name: args.name})
    this.print(printer === undefined ? renderTraffic(service) : printTraffic(service, printer))
  }
}
