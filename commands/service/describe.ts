import {SERVICES} from '../../src/api/serving/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, outputFlags, verboseFlags} from '../../src/cli/flags/common-flags.ts'
import {targetFlags} from '../../src/cli/flags/target-flags.ts'
import {describeService} from '../../src/operations/service/describe-service.ts'
import {renderServiceDescription} from '../../src/ui/describe/describe-service.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'

export default class ServiceDescribe extends BaseCommand {
  static override summary = 'Show details of a service'
  static override examples = [
    '# Show a service with the revisions that get traffic\n<%= config.bin %> service describe web',
    '# Show everything, also revisions without traffic\n<%= config.bin %> service describe web -v',
    '# Print the URL only\n<%= config.bin %> service describe web -o url',
  ]
  static override args = {name: requiredName('service')}
  static override flags = {...namespaceFlags, ...outputFlags, ...verboseFlags, ...targetFlags}
  static override argumentsNeeded =
    "'service describe' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ServiceDescribe)
    const printer = await chooseOutputPrinter(flags, 'url')
    const {client, namespace, clock} = await this.connect(flags, 'read')
    const key = {namespace, name: args.name}
    if (printer !== undefined) {
      const service = await client.get(SERVICES, key)
      if (printer === 'url') return this.print(`${service.status?.url ?? ''}\n`)
      return this.print(printer.object(service))
    }
    const verbose = flags.verbose ?? false
    const description = await describeService(client, key, {all: verbose})
    this.print(renderServiceDescription(description, {verbose, nowMs: clock.now()}))
  }
}
