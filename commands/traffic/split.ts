import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, waitFlags} from '../../src/cli/flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {serviceWriteOptions, writeOutputFlags} from '../../src/cli/write-output.ts'
import {parseShares, splitTraffic} from '../../src/operations/traffic/split-traffic.ts'
import {renderTraffic} from '../../src/ui/traffic-text.ts'

export default class TrafficSplit extends BaseCommand {
  static override summary = 'Split the traffic of a service between revisions'
  static override description =
    'A revision is named by its name, its tag, gen:3 (its generation), @latest, @prev (the ready ' +
    'one before the latest) or @latest~2. The percents have to add up to 100. Tags stay.'
  static override usage = 'traffic split NAME REVISION=PERCENT... [flags]'
  static override examples = [
    '# Half to the revision before, half to the latest\n<%= config.bin %> traffic split web @prev=50 @latest=50',
    '# Everything back to one revision\n<%= config.bin %> traffic split web web-00001=100',
  ]
  static override args = {name: requiredName('service')}
  static override strict = false
  static override flags = {
    ...namespaceFlags,
    ...waitFlags('the service is ready', true),
    ...writeOutputFlags,
  }
  static override argumentsNeeded =
    "'traffic split' requires the service name and at least one REVISION=PERCENT"

  async run(): Promise<void> {
    const {args, argv, flags} = await this.parse(TrafficSplit)
    const texts = (argv as string[]).slice(1)
    if (texts.length === 0) throw usageError(TrafficSplit.argumentsNeeded, 'kntool traffic split')
    const shares = parseShares(texts)
    const output = serviceWriteOptions(flags, this.signal)
    const connection = await this.connect(flags, 'write')
    const outcome = await splitTraffic(
      connection,
      {namespace: connection.namespace, name: args.name, shares},
      output.options,
    )
    this.print(output.render(outcome))
    if (flags.output === undefined) this.print(renderTraffic(outcome.service))
  }
}
