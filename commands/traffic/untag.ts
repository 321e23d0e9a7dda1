import {requiredName} from '../../src/cli/arguments.ts'
import {TrafficCommand, trafficFlags} from '../../src/cli/traffic-command.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {tagRevisions} from '../../src/operations/traffic/tag-traffic.ts'

export default class TrafficUntag extends TrafficCommand {
  static override summary = 'Take tags away from revisions of a service, and so their URLs'
  static override usage = 'traffic untag NAME TAG... [flags]'
  static override examples = [
    '# Take one tag away\n<%= config.bin %> traffic untag web candidate',
    '# Take several tags away\n<%= config.bin %> traffic untag web candidate stable',
  ]
  static override args = {name: requiredName('service')}
  static override strict = false
  static override flags = trafficFlags
  static override argumentsNeeded = "'traffic untag' requires the service name and at least one TAG"

  async run(): Promise<void> {
    const {args, argv, flags} = await this.parse(TrafficUntag)
    const untags = (argv as string[]).slice(1)
    if (untags.length === 0) throw usageError(TrafficUntag.argumentsNeeded, 'kntool traffic untag')
    await this.change(flags, (connection, options) => {
      const {namespace} = connection
      const request = {namespace, name: args.name, untags}
      return tagRevisions(connection, request, options)
    })
  }
}
