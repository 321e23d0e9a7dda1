import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {listFlag, namespaceFlags, outputFlags, waitFlags} from '../../src/cli/flags/common-flags.ts'
import {previewFlags} from '../../src/cli/flags/preview-flags.ts'
import {podFlags, readServiceEdits, serviceFlags} from '../../src/cli/flags/service-flags.ts'
import {targetFlags} from '../../src/cli/flags/target-flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {serviceWriteOptions} from '../../src/cli/write-output.ts'
import {updateService} from '../../src/operations/service/update-service.ts'

const trafficFlags = {
  traffic: listFlag({
    summary: 'Share of a revision, a tag or @latest; all of them together are the split',
    helpValue: 'REVISION=PERCENT',
  }),
  tag: listFlag({summary: 'Tag for a revision or @latest', helpValue: 'REVISION=TAG'}),
  untag: listFlag({summary: 'Tag to take away', helpValue: 'TAG'}),
}
/** A namespace that a variable sets does not yet say what to update. */
const CHANGING = new Set(Object.keys({...podFlags, ...serviceFlags, ...trafficFlags}))

export default class ServiceUpdate extends BaseCommand {
  static override summary = 'Update a service'
  static override description =
    'What is not mentioned stays. A change of the program or its settings makes a new revision.'
  static override examples = [
    '# Set a variable and take another away\n<%= config.bin %> service update web --env TARGET=v2 --env OLD-',
    '# Send a tenth of the traffic to the new revision\n<%= config.bin %> service update web --image IMAGE --traffic web-00001=90 --traffic @latest=10',
    '# Give a revision a URL of its own\n<%= config.bin %> service update web --tag web-00001=stable',
  ]
  static override args = {name: requiredName('service')}
  static override flags = {
    ...podFlags,
    ...serviceFlags,
    ...trafficFlags,
    ...previewFlags,
    ...namespaceFlags,
    ...targetFlags,
    ...waitFlags('the service is ready', true),
    ...outputFlags,
  }
  static override argumentsNeeded =
    "'service update' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ServiceUpdate)
    if (!this.isTyped && !this.given.some(({name}) => CHANGING.has(name))) {
      throw usageError('flag(s) not set\nUsage: update NAME', 'kntool service update')
    }
    const {traffic, tag, untag} = flags
    const edits = await readServiceEdits(flags, this.given)
    const output = await serviceWriteOptions(flags, this.signal)
    const connection = await this.connect(flags, 'write')
    const outcome = await updateService(
      connection,
      {
        namespace: connection.namespace,
        name: args.name,
        edits,
        ...((traffic ?? tag ?? untag) && {
          traffic: {traffic: traffic ?? [], tags: tag ?? [], untags: untag ?? []},
        }),
      },
      output.options,
    )
    this.print(output.render(outcome))
  }
}
