import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {requiredName} from '../src/cli/arguments.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {namespaceFlags, verboseFlags} from '../src/cli/flags.ts'
import {readInput} from '../src/cli/input-files.ts'
import {callService} from '../src/operations/call-service.ts'
import {parseHeader, renderAnswer, renderHead} from '../src/ui/http-text.ts'

export default class Curl extends BaseCommand {
  static override summary = 'Send a request to a service'
  static override description =
    'Finds the address and the host by itself, so that it works without any DNS. The body goes to ' +
    'standard output; who answered to standard error.'
  static override usage = 'curl NAME [PATH] [flags]'
  static override examples = [
    '# Call a service\n<%= config.bin %> curl web',
    '# Call a revision by its tag, and show the head of the answer\n<%= config.bin %> curl web /status --tag candidate -v',
    '# Send a body\n<%= config.bin %> curl web /orders -d \'{"id": 1}\' -H content-type:application/json',
  ]
  static override args = {
    name: requiredName('service'),
    path: Args.string({description: 'Path and query', default: '/', ignoreStdin: true}),
  }
  static override flags = {
    tag: Flags.string({
      summary: 'Call the revision with this tag',
      helpValue: 'TAG',
      exclusive: ['revision'],
    }),
    revision: Flags.string({summary: 'Call this revision; it needs a tag', helpValue: 'NAME'}),
    request: Flags.string({
      char: 'X',
      summary: 'Method (default: GET, or POST with data)',
      helpValue: 'METHOD',
    }),
    header: Flags.string({
      char: 'H',
      summary: 'Header field, several times if need be',
      helpValue: 'NAME:VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    data: Flags.string({
      char: 'd',
      summary: 'Body; @FILE for a file, @- for standard input',
      helpValue: 'TEXT',
    }),
    fail: Flags.boolean({char: 'f', summary: 'Exit with 1 when the status is 400 or above'}),
    silent: Flags.boolean({char: 's', summary: 'Do not say who answered'}),
    ...namespaceFlags,
    ...verboseFlags,
  }
  static override argumentsNeeded = "'curl' requires the service name and may have a path"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Curl)
    const {data} = flags
    const body = data?.startsWith('@') ? await readInput(data.slice(1), '--data') : data
    const connection = await this.connect(flags, 'write')
    const startedMs = connection.clock.now()
    const response = await callService(connection, {
      namespace: connection.namespace,
      name: args.name,
      path: args.path,
      tag: flags.tag,
      revision: flags.revision,
      method: flags.request ?? (body === undefined ? 'GET' : 'POST'),
      headers: (flags.header ?? []).map(parseHeader),
      body,
      signal: this.signal,
    })
    if (flags.verbose) this.note(renderHead(response))
    for await (const chunk of response.body) process.stdout.write(chunk)
    if (!flags.silent) this.note(renderAnswer(response, connection.clock.now() - startedMs))
    if (flags.fail && response.status >= 400) process.exitCode = 1
  }
}
