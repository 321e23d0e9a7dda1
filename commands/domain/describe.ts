import {DOMAIN_MAPPINGS} from '../../src/api/serving/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, outputFlags, verboseFlags} from '../../src/cli/flags/common-flags.ts'
import {describeDomain} from '../../src/ui/describe/describe-domain.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'

export default class DomainDescribe extends BaseCommand {
  static override summary = 'Show details of a domain mapping'
  static override examples = [
    '# Show where a host name leads, and whether it works\n<%= config.bin %> domain describe web.example.com',
    '# Print the URL only\n<%= config.bin %> domain describe web.example.com -o url',
  ]
  static override args = {name: requiredName('domain mapping, which is the host name')}
  static override flags = {...namespaceFlags, ...outputFlags, ...verboseFlags}
  static override argumentsNeeded =
    "'kntool domain describe' requires name of the domain mapping as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DomainDescribe)
    const printer = await chooseOutputPrinter(flags, 'url')
    const {client, namespace, clock} = await this.connect(flags, 'read')
    const mapping = await client.get(DOMAIN_MAPPINGS, {namespace, name: args.name})
    if (printer === 'url') return this.print(`${mapping.status?.url ?? ''}\n`)
    if (printer !== undefined) return this.print(printer.object(mapping))
    this.print(describeDomain(mapping, {verbose: flags.verbose ?? false, nowMs: clock.now()}))
  }
}
