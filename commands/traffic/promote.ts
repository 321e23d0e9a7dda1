import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {requiredName} from '../../src/cli/arguments.ts'
import {TrafficCommand, trafficFlags} from '../../src/cli/traffic-command.ts'
import {LATEST} from '../../src/operations/traffic/compute-traffic.ts'
import {promoteRevision} from '../../src/operations/traffic/promote.ts'

export default class TrafficPromote extends TrafficCommand {
  static override summary = 'Send all traffic of a service to one revision'
  static override description =
    '@latest, which is meant without a revision, also gets the traffic of later revisions; any ' +
    'other revision keeps it until you say otherwise. A revision that is not ready is refused.'
  static override examples = [
    '# The newest revision, and those after it\n<%= config.bin %> traffic promote web',
    '# The revision with a tag\n<%= config.bin %> traffic promote web candidate',
  ]
  static override args = {
    name: requiredName('service'),
    revision: Args.string({
      description: 'Name, tag, @latest, @prev, @latest~2 or gen:3 (default: @latest)',
      default: LATEST,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    force: Flags.boolean({summary: 'Also a revision that is not ready'}),
    ...trafficFlags,
  }
  static override argumentsNeeded =
    "'traffic promote' requires the service name and may have a revision"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(TrafficPromote)
    await this.change(flags, (connection, options) => {
      const {namespace} = connection
      const request = {
        namespace,
        name: args.name,
        reference: args.revision,
        force: flags.force ?? false,
      }
      return promoteRevision(connection, request, options)
    })
  }
}
