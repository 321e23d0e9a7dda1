import * as Flags from '@oclif/core/flags'
import {REVISIONS, SERVICES} from '../../src/api/serving/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, outputFlags, verboseFlags} from '../../src/cli/flags/common-flags.ts'
import {serviceOf} from '../../src/operations/revision/list-revisions.ts'
import {nameRevisions} from '../../src/operations/revision/name-revision.ts'
import {describeRevision} from '../../src/ui/describe/describe-revision.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'

export default class RevisionDescribe extends BaseCommand {
  static override summary = 'Show details of a revision'
  static override examples = [
    '# Show a revision\n<%= config.bin %> revision describe web-00001',
    '# Show the revision before the latest\n<%= config.bin %> revision describe @prev -s web',
    '# Show everything, also its part in its service\n<%= config.bin %> revision describe web-00001 -v',
  ]
  static override args = {name: requiredName('revision')}
  static override flags = {
    service: Flags.string({
      char: 's',
      summary: 'Service of a revision given as @prev, @latest~2, gen:3 or a tag',
      helpValue: 'NAME',
    }),
    ...namespaceFlags,
    ...outputFlags,
    ...verboseFlags,
  }
  static override argumentsNeeded =
    "'kntool revision describe' requires name of the revision as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RevisionDescribe)
    const printer = await chooseOutputPrinter(flags)
    const {client, namespace, clock} = await this.connect(flags, 'read')
    const of = {namespace, service: flags.service}
    const [name = ''] = await nameRevisions(client, [args.name], of)
    const revision = await client.get(REVISIONS, {namespace, name})
    if (printer !== undefined) return this.print(printer.object(revision))
    const verbose = flags.verbose ?? false
    const owner = serviceOf(revision)
    const service =
      verbose && owner !== undefined
        ? await client.get(SERVICES, {namespace, name: owner})
        : undefined
    this.print(describeRevision(revision, service, {verbose, nowMs: clock.now()}))
  }
}
