import * as Flags from '@oclif/core/flags'
import {optionalName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {listFlag, namespaceFlags, outputFlags, waitFlags} from '../../src/cli/flags/common-flags.ts'
import {readServiceDocument} from '../../src/cli/input-files.ts'
import {previewFlags} from '../../src/cli/flags/preview-flags.ts'
import {podFlags, readServiceEdits, serviceFlags} from '../../src/cli/flags/service-flags.ts'
import {targetFlags} from '../../src/cli/flags/target-flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {serviceWriteOptions} from '../../src/cli/write-output.ts'
import {createService} from '../../src/operations/service/create-service.ts'

export default class ServiceCreate extends BaseCommand {
  static override summary = 'Create a service'
  static override examples = [
    '# Create a service and wait for its URL\n<%= config.bin %> service create web --image ghcr.io/knative/helloworld-go',
    '# With variables, on port 8080 over HTTP/2\n<%= config.bin %> service create web --image IMAGE --env TARGET=v1 --port h2c:8080',
    '# Between one and five replicas, 100 requests each\n<%= config.bin %> service create web --image IMAGE --scale 1..5 --concurrency-limit 100',
    '# Replace a service, whatever it was before\n<%= config.bin %> service create web --image IMAGE --force',
    '# From a file, with a change\n<%= config.bin %> service create -f service.yaml --env TARGET=v2',
  ]
  static override args = {name: optionalName('service')}
  static override flags = {
    ...podFlags,
    ...serviceFlags,
    filename: Flags.string({
      char: 'f',
      summary: 'File with the service to begin with',
      helpValue: 'FILE',
    }),
    force: Flags.boolean({summary: 'Replace the service if it exists'}),
    tag: listFlag({summary: 'Tag for the latest revision: @latest=TAG or TAG', helpValue: 'TAG'}),
    ...previewFlags,
    ...namespaceFlags,
    ...targetFlags,
    ...waitFlags('the service is ready', true),
    ...outputFlags,
  }
  static override argumentsNeeded =
    "'service create' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ServiceCreate)
    const {filename} = flags
    const command = 'kntool service create'
    if (args.name === undefined && filename === undefined) {
      throw usageError(ServiceCreate.argumentsNeeded, command)
    }
    if (!flags.image && filename === undefined) {
      throw usageError(
        "'service create' requires the image name to run provided with the --image option",
        command,
      )
    }
    const edits = await readServiceEdits(flags, this.given)
    const document = filename === undefined ? undefined : await readServiceDocument(filename)
    const output = await serviceWriteOptions(flags, this.signal)
    const connection = await this.connect(flags, 'write')
    const outcome = await createService(
      connection,
      {
        namespace: connection.namespace,
        name: args.name,
        edits,
        ...(document !== undefined && {document}),
        ...(flags.tag && {tags: flags.tag}),
        force: flags.force ?? false,
      },
      output.options,
    )
    this.print(output.render(outcome))
  }
}
