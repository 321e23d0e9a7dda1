import * as Flags from '@oclif/core/flags'
import {requiredName} from '../../src/cli/arguments.ts'
import {TrafficCommand, trafficFlags} from '../../src/cli/traffic-command.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {checkTag, tagRevisions} from '../../src/operations/traffic/tag-traffic.ts'

export default class TrafficTag extends TrafficCommand {
  static override summary = 'Give revisions of a service tags, and so URLs of their own'
  static override description =
    'A revision is named by its name, its tag, gen:3 (its generation), @latest, @prev (the ready ' +
    'one before the latest) or @latest~2. A tag of @latest moves on with later revisions.'
  static override usage = 'traffic tag NAME REVISION=TAG... [flags]'
  static override examples = [
    '# Give the revision before the latest a URL\n<%= config.bin %> traffic tag web @prev=stable',
    '# Move a tag to another revision\n<%= config.bin %> traffic tag web gen:4=stable --force',
  ]
  static override args = {name: requiredName('service')}
  static override strict = false
  static override flags = {
    force: Flags.boolean({summary: 'Take the tag away from the revision that has it'}),
    ...trafficFlags,
  }
  static override argumentsNeeded =
    "'traffic tag' requires the service name and at least one REVISION=TAG"

  async run(): Promise<void> {
    const {args, argv, flags} = await this.parse(TrafficTag)
    const tags = (argv as string[]).slice(1)
    if (tags.length === 0) throw usageError(TrafficTag.argumentsNeeded, 'kntool traffic tag')
    for (const text of tags) checkTag(text)
    await this.change(flags, (connection, options) => {
      const {namespace} = connection
      const request = {namespace, name: args.name, tags, force: flags.force ?? false}
      return tagRevisions(connection, request, options)
    })
  }
}
