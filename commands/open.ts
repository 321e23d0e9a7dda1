import * as Flags from '@oclif/core/flags'
import {requiredName} from '../src/cli/arguments.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {namespaceFlags} from '../src/cli/flags/common-flags.ts'
import {browserUrl} from '../src/operations/browser-url.ts'
import {openBrowser} from '../src/operations/open-browser.ts'

export default class Open extends BaseCommand {
  static override summary = 'Open a service in the browser'
  static override description =
    'Prints the URL as well, and nothing else where there is no browser. On a local cluster the ' +
    'URL has the port of its gateway.'
  static override examples = [
    '# Open a service\n<%= config.bin %> open web',
    '# Open the revision with a tag\n<%= config.bin %> open web --tag candidate',
    '# Only print the URL that works from here\n<%= config.bin %> open web --no-browser',
  ]
  static override args = {name: requiredName('service')}
  static override flags = {
    tag: Flags.string({
      summary: 'Open the revision with this tag',
      helpValue: 'TAG',
      exclusive: ['revision'],
    }),
    revision: Flags.string({
      summary: 'Open this revision, which needs a tag: a name, @latest, @prev or gen:3',
      helpValue: 'REVISION',
    }),
    browser: Flags.boolean({summary: 'Start the browser (default: true)', allowNo: true}),
    ...namespaceFlags,
  }
  static override argumentsNeeded = "'open' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Open)
    const connection = await this.connect(flags, 'read')
    const {namespace} = connection
    const {tag, revision} = flags
    const url = await browserUrl(connection, {namespace, name: args.name, tag, revision})
    this.print(`${url}\n`)
    if (!(flags.browser ?? true)) return
    const opened = await openBrowser(url, {platform: process.platform, env: process.env})
    if (!opened) this.note('No browser was found to open it with.')
  }
}
