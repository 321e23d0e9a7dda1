import {REVISIONS, SERVICES} from '../../src/api/serving/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, outputFlags, verboseFlags} from '../../src/cli/flags.ts'
import {serviceOf} from '../../src/operations/revision/list-revisions.ts'
import {describeRevision} from '../../src/ui/describe-revision.ts'
import {parseOutputFormat, printObject} from '../../src/ui/print-object.ts'

export default class RevisionDescribe extends BaseCommand {
  static override summary = 'Show details of a revision'
  static override examples = [
    '# Show a revision\n<%= config.bin %> revision describe web-00001',
    '# Show everything, also its part in its service\n<%= config.bin %> revision describe web-00001 -v',
  ]
  static override args = {name: requiredName('revision')}
  static override flags = {...namespaceFlags, ...outputFlags, ...verboseFlags}
  static override argumentsNeeded =
    "'kntool revision describe' requires name of the revision as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RevisionDescribe)
    const format = flags.output === undefined ? undefined : parseOutputFormat(flags.output)
    const {client, namespace, clock} = await this.connect(flags, 'read')
    const revision = await client.get(REVISIONS, {namespace, name: args.name})
    if (format !== undefined) {
      const managedFields = flags['show-managed-fields'] ?? false
      return this.print(printObject(revision, format, {managedFields}))
    }
    const verbose = flags.verbose ?? false
    const owner = serviceOf(revision)
    const service =
      verbose && owner !== undefined
        ? await client.get(SERVICES, {namespace, name: owner})
        : undefined
    this.print(describeRevision(revision, service, {verbose, nowMs: clock.now()}))
  }
}
