import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, waitFlags} from '../../src/cli/flags/common-flags.ts'
import {previewFlags} from '../../src/cli/flags/preview-flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {waitLimits} from '../../src/cli/wait-limits.ts'
import {deleteRevisions} from '../../src/operations/revision/delete-revisions.ts'
import {nameRevisions} from '../../src/operations/revision/name-revision.ts'
import {unreferencedRevisions} from '../../src/operations/revision/unreferenced-revisions.ts'
import {severalFailures} from '../../src/operations/several-failures.ts'

export default class RevisionDelete extends BaseCommand {
  static override summary = 'Delete revisions'
  static override description = 'A revision that a route sends requests to is refused.'
  static override examples = [
    '# Delete a revision\n<%= config.bin %> revision delete web-00001',
    '# Delete the revision before the latest\n<%= config.bin %> revision delete @prev -s web',
    '# Delete all revisions of a service that no route refers to\n<%= config.bin %> revision delete --prune web',
  ]
  static override args = {
    name: Args.string({description: 'Names of the revisions', ignoreStdin: true}),
  }
  static override strict = false
  static override flags = {
    prune: Flags.string({
      summary: 'Delete the revisions of this service that no route refers to',
      helpValue: 'SERVICE',
    }),
    service: Flags.string({
      char: 's',
      summary: 'Service of revisions given as @prev, @latest~2, gen:3 or a tag',
      helpValue: 'NAME',
    }),
    force: Flags.boolean({summary: 'Delete also revisions that get requests'}),
    'prune-all': Flags.boolean({summary: 'Delete all revisions that no route refers to'}),
    ...previewFlags,
    ...namespaceFlags,
    ...waitFlags('the revision is deleted', false),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(RevisionDelete)
    const given = argv as string[]
    const all = flags['prune-all'] ?? false
    const prunes = all || flags.prune !== undefined
    const command = 'kntool revision delete'
    if (given.length === 0 && !prunes) {
      throw usageError(`'${command}' requires one or more revision name`, command)
    }
    if (given.length > 0 && prunes) {
      const flag = all ? '--prune-all' : '--prune'
      throw usageError(`'${command}' with ${flag} flag requires no arguments`, command)
    }
    const connection = await this.connect(flags, 'write')
    const {client, namespace} = connection
    const names = prunes
      ? await unreferencedRevisions(client, {namespace, service: all ? undefined : flags.prune})
      : await nameRevisions(client, given, {namespace, service: flags.service})
    if (names.length === 0) return this.print('No unreferenced revisions found.\n')
    const failures = await deleteRevisions(connection, {
      namespace,
      names,
      force: flags.force ?? false,
      ...(flags.wait && {waitMs: waitLimits(flags).timeoutMs}),
      onDeleted: (name) => this.print(`Revision '${name}' deleted in namespace '${namespace}'.\n`),
    })
    if (failures.length > 0) throw severalFailures(failures)
  }
}
