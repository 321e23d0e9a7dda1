import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {SERVICES} from '../../src/api/serving/v1.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, waitFlags} from '../../src/cli/flags/common-flags.ts'
import {previewFlags} from '../../src/cli/flags/preview-flags.ts'
import {targetFlags} from '../../src/cli/flags/target-flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {waitLimits} from '../../src/cli/wait-limits.ts'
import {deleteObjects} from '../../src/operations/delete-objects.ts'
import {listServices} from '../../src/operations/service/list-services.ts'
import {severalFailures} from '../../src/operations/several-failures.ts'

export default class ServiceDelete extends BaseCommand {
  static override summary = 'Delete services'
  static override examples = [
    '# Delete a service\n<%= config.bin %> service delete web',
    '# Delete all services of a namespace, and wait until they are gone\n<%= config.bin %> service delete --all -n test --wait',
  ]
  static override args = {
    name: Args.string({description: 'Names of the services', ignoreStdin: true}),
  }
  static override strict = false
  static override flags = {
    all: Flags.boolean({summary: 'Delete all services of the namespace'}),
    ...previewFlags,
    ...namespaceFlags,
    ...targetFlags,
    ...waitFlags('the service is deleted', false),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(ServiceDelete)
    const given = argv as string[]
    if (given.length === 0 && !flags.all) {
      throw usageError("'service delete' requires the service name(s)", 'kntool service delete')
    }
    if (given.length > 0 && flags.all) {
      throw usageError(
        "'service delete' with --all flag requires no arguments",
        'kntool service delete',
      )
    }
    const connection = await this.connect(flags, 'write')
    const {client, namespace} = connection
    const names = flags.all
      ? (await listServices(client, {namespace})).map(({metadata}) => metadata.name)
      : given
    if (names.length === 0) return this.print('No services found.\n')
    const failures = await deleteObjects(connection, {
      type: SERVICES,
      namespace,
      names,
      propagationPolicy: 'Background',
      ...(flags.wait && {waitMs: waitLimits(flags).timeoutMs}),
      onDeleted: (name) =>
        this.print(`Service '${name}' successfully deleted in namespace '${namespace}'.\n`),
    })
    if (failures.length > 0) throw severalFailures(failures)
  }
}
