import * as Flags from '@oclif/core/flags'
import {REVISIONS} from '../../src/api/serving/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, outputFlags, waitFlags} from '../../src/cli/flags/common-flags.ts'
import {previewFlags, previewMode} from '../../src/cli/flags/preview-flags.ts'
import {podFlags, readServiceEdits, serviceFlags} from '../../src/cli/flags/service-flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {serviceWriteOptions} from '../../src/cli/write-output.ts'
import {createRevision} from '../../src/operations/revision/create-revision.ts'
import {makesRevision} from '../../src/operations/service/edit/service-edits.ts'
import {checkTag} from '../../src/operations/traffic/tag-traffic.ts'
import {chooseOutputPrinter} from '../../src/ui/output-printer.ts'
import {renderCreatedRevision} from '../../src/ui/revision-text.ts'

export default class RevisionCreate extends BaseCommand {
  static override summary = 'Create a revision of a service that gets no traffic yet'
  static override description =
    'What is not mentioned is as in the service. Traffic that follows the latest revision stays ' +
    'where it is, until kntool traffic split or promote moves it.'
  static override examples = [
    '# Try a new image at a URL of its own\n<%= config.bin %> revision create web --image IMAGE --tag candidate',
    '# Then send it a tenth of the traffic\n<%= config.bin %> traffic split web candidate=10',
  ]
  static override args = {service: requiredName('service')}
  static override flags = {
    ...podFlags,
    ...serviceFlags,
    tag: Flags.string({summary: 'Tag, and so a URL, for the revision', helpValue: 'TAG'}),
    force: Flags.boolean({summary: 'Take the tag away from the revision that has it'}),
    ...previewFlags,
    ...namespaceFlags,
    ...waitFlags('the revision is ready', true),
    ...outputFlags,
  }
  static override argumentsNeeded =
    "'revision create' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RevisionCreate)
    const edits = await readServiceEdits(flags, this.given)
    if (!makesRevision(edits)) {
      throw usageError(
        "'revision create' requires --image, or something else that is new in the revision",
        'kntool revision create',
      )
    }
    if (flags.tag !== undefined) checkTag(flags.tag)
    const printer = await chooseOutputPrinter(flags, 'url')
    const {options} = await serviceWriteOptions(flags, this.signal)
    const connection = await this.connect(flags, 'write')
    const {client, namespace} = connection
    const {tag, force} = flags
    const preview = previewMode(flags) !== undefined
    const request = {namespace, name: args.service, edits, tag, force, preview}
    const created = await createRevision(connection, request, options)
    if (printer === undefined) return this.print(renderCreatedRevision(created))
    if (printer === 'url') return this.print(`${created.url ?? ''}\n`)
    if (preview) return this.print(printer.object(created.service))
    const key = {namespace, name: created.revision}
    this.print(printer.object(await client.get(REVISIONS, key)))
  }
}
