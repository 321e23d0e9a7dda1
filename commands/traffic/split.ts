import * as Flags from '@oclif/core/flags'
import {requiredName} from '../../src/cli/arguments.ts'
import {TrafficCommand, trafficFlags} from '../../src/cli/traffic-command.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {parseShares} from '../../src/operations/traffic/share.ts'
import {splitTraffic} from '../../src/operations/traffic/split-traffic.ts'

export default class TrafficSplit extends TrafficCommand {
  static override summary = 'Split the traffic of a service between revisions'
  static override description =
    'A revision is named by its name, its tag, gen:3 (its generation), @latest, @prev (the ready ' +
    'one before the latest) or @latest~2. The percents have to add up to 100; what is missing goes ' +
    'to the revision without a percent, or to the only one that is not mentioned. Tags stay.'
  static override usage = 'traffic split NAME REVISION[=PERCENT]... [flags]'
  static override examples = [
    '# Half to the revision before, half to the latest\n<%= config.bin %> traffic split web @prev=50 @latest=50',
    '# A tenth to the latest, the rest to the revision with a tag\n<%= config.bin %> traffic split web @latest=10 stable',
    '# Everything back to one revision\n<%= config.bin %> traffic split web web-00001=100',
  ]
  static override args = {name: requiredName('service')}
  static override strict = false
  static override flags = {
    force: Flags.boolean({summary: 'Send traffic also to revisions that are not ready'}),
    ...trafficFlags,
  }
  static override argumentsNeeded =
    "'traffic split' requires the service name and at least one REVISION=PERCENT"

  async run(): Promise<void> {
    const {args, argv, flags} = await this.parse(TrafficSplit)
    const texts = (argv as string[]).slice(1)
    if (texts.length === 0) throw usageError(TrafficSplit.argumentsNeeded, 'kntool traffic split')
    const shares = parseShares(texts)
    await this.change(flags, (connection, options) => {
      const {namespace} = connection
      const request = {namespace, name: args.name, shares, force: flags.force ?? false}
      return splitTraffic(connection, request, options)
    })
  }
}
