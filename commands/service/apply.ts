import * as Flags from '@oclif/core/flags'
import {optionalName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, outputFlags, waitFlags} from '../../src/cli/flags/common-flags.ts'
import {readServiceDocument} from '../../src/cli/input-files.ts'
import {previewFlags} from '../../src/cli/flags/preview-flags.ts'
import {podFlags, readServiceEdits, serviceFlags} from '../../src/cli/flags/service-flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {serviceWriteOptions} from '../../src/cli/write-output.ts'
import {applyService} from '../../src/operations/service/apply-service.ts'

export default class ServiceApply extends BaseCommand {
  static override summary = 'Create a service or make it be as described'
  static override description =
    'Everything has to be given each time; what was given the last time and is not now goes away.'
  static override examples = [
    '# Create the service, or change it where it differs\n<%= config.bin %> service apply web --image IMAGE --env TARGET=v1',
    '# From a file\n<%= config.bin %> service apply -f service.yaml',
  ]
  static override args = {name: optionalName('service')}
  static override flags = {
    ...podFlags,
    ...serviceFlags,
    filename: Flags.string({char: 'f', summary: 'File with the service', helpValue: 'FILE'}),
    force: Flags.boolean({hidden: true, summary: 'Accepted as kn does; has no effect'}),
    ...previewFlags,
    ...namespaceFlags,
    ...waitFlags('the service is ready', true),
    ...outputFlags,
  }
  static override argumentsNeeded =
    "'service apply' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ServiceApply)
    const {filename} = flags
    if (args.name === undefined && filename === undefined) {
      throw usageError(ServiceApply.argumentsNeeded, 'kntool service apply')
    }
    const edits = await readServiceEdits(flags, this.given)
    const document = filename === undefined ? undefined : await readServiceDocument(filename)
    const output = await serviceWriteOptions(flags, this.signal)
    const connection = await this.connect(flags, 'write')
    const outcome = await applyService(
      connection,
      {
        namespace: connection.namespace,
        name: args.name,
        edits,
        ...(document !== undefined && {document}),
      },
      output.options,
    )
    this.print(output.render(outcome))
  }
}
