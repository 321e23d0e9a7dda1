import {SERVICES} from '../../src/api/serving/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags} from '../../src/cli/flags.ts'
import * as Flags from '@oclif/core/flags'
import {parseOutputFormat} from '../../src/ui/print-object.ts'
import {printTraffic, renderTraffic} from '../../src/ui/traffic-text.ts'

export default class TrafficDescribe extends BaseCommand {
  static override summary = 'Show where the traffic of a service goes'
  static override examples = [
    '# Show shares, tags and their URLs\n<%= config.bin %> traffic describe web',
    '# As JSON\n<%= config.bin %> traffic describe web -o json',
  ]
  static override args = {name: requiredName('service')}
  static override flags = {
    ...namespaceFlags,
    output: Flags.string({
      char: 'o',
      summary: 'Print as json or yaml, or the names of the revisions',
      helpValue: 'FORMAT',
      env: 'KNTOOL_OUTPUT',
    }),
  }
  static override argumentsNeeded =
    "'traffic describe' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(TrafficDescribe)
    const format = flags.output === undefined ? undefined : parseOutputFormat(flags.output)
    const {client, namespace} = await this.connect(flags, 'read')
    const service = await client.get(SERVICES, {namespace, name: args.name})
    this.print(format === undefined ? renderTraffic(service) : printTraffic(service, format))
  }
}
