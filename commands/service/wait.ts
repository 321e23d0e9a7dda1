import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, waitLimitFlags} from '../../src/cli/flags/common-flags.ts'
import {waitLimits} from '../../src/cli/wait-limits.ts'
import {noteUnlessUnread} from '../../src/cli/write-output.ts'
import {checkServiceName} from '../../src/operations/service/service-name.ts'
import {waitUntilReady} from '../../src/operations/service/wait-until-ready.ts'
import {serviceProgress} from '../../src/ui/service-progress.ts'

export default class ServiceWait extends BaseCommand {
  static override summary = 'Wait for a service to be ready'
  static override examples = [
    '# Wait for a service somebody else has changed\n<%= config.bin %> service wait web',
    '# Half a minute at most\n<%= config.bin %> service wait web --wait-timeout 30',
  ]
  static override args = {name: requiredName('service')}
  static override flags = {...namespaceFlags, ...waitLimitFlags('the service is ready')}
  static override argumentsNeeded =
    "'service wait' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ServiceWait)
    checkServiceName(args.name)
    const connection = await this.connect(flags, 'write')
    const {namespace} = connection
    const {name} = args
    this.print(`Waiting for Service '${name}' in namespace '${namespace}':\n\n`)
    const progress = serviceProgress(
      (text) => this.print(text),
      (text) => noteUnlessUnread(text, this.signal),
    )
    const {elapsedMs} = await waitUntilReady(connection, {
      namespace,
      name,
      generation: 0,
      limits: waitLimits(flags),
      onMessage: progress.onMessage,
      onNotice: progress.onNotice,
      signal: this.signal,
    })
    progress.onReady(elapsedMs)
    this.print(`Service '${name}' in namespace '${namespace}' is ready.\n`)
  }
}
