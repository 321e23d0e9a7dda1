import {requiredName} from '../../src/cli/arguments.ts'
import {TrafficCommand, trafficFlags} from '../../src/cli/traffic-command.ts'
import {rollbackTraffic} from '../../src/operations/traffic/rollback.ts'

export default class TrafficRollback extends TrafficCommand {
  static override summary = 'Send all traffic of a service to the revision that had it before'
  static override description =
    'That is the ready revision before the newest one with traffic: one that still has a share, ' +
    'else the last one that had any. It keeps the traffic until you promote another.'
  static override examples = [
    '# Undo the last roll-out\n<%= config.bin %> traffic rollback web',
    '# Later, when the newest revision is mended\n<%= config.bin %> traffic promote web',
  ]
  static override args = {name: requiredName('service')}
  static override flags = trafficFlags
  static override argumentsNeeded =
    "'traffic rollback' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(TrafficRollback)
    await this.change(flags, (connection, options) => {
      const {namespace} = connection
      const request = {namespace, name: args.name}
      return rollbackTraffic(connection, request, options)
    })
  }
}
