import * as Args from '@oclif/core/args'
import {requiredName} from '../src/cli/arguments.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {curlFlags} from '../src/cli/flags/curl-flags.ts'
import {namespaceFlags, verboseFlags} from '../src/cli/flags/common-flags.ts'
import {readInput} from '../src/cli/input-files.ts'
import {timeLimit} from '../src/cli/time-limit.ts'
import {writeAll} from '../src/cli/write-all.ts'
import {callService} from '../src/operations/call-service.ts'
import {parseHeader, renderAnswer, renderHead, renderStatusAndFields} from '../src/ui/http-text.ts'

export default class Curl extends BaseCommand {
  static override summary = 'Send a request to a service'
  static override description =
    'Finds the address and the host by itself, so that it works without any DNS. The body goes to ' +
    'standard output; who answered to standard error.'
  static override usage = 'curl NAME [PATH] [flags]'
  static override examples = [
    '# Call a service\n<%= config.bin %> curl web',
    '# Call a revision by its tag, and show the head of the answer\n<%= config.bin %> curl web /status --tag candidate -v',
    '# Call the revision before the latest, and give up after two seconds\n<%= config.bin %> curl web --revision @prev --max-time 2s --fail',
    '# Send a body\n<%= config.bin %> curl web /orders -d \'{"id": 1}\' -H content-type:application/json',
  ]
  static override args = {
    name: requiredName('service'),
    path: Args.string({description: 'Path and query', default: '/', ignoreStdin: true}),
  }
  static override flags = {...curlFlags, ...namespaceFlags, ...verboseFlags}
  static override argumentsNeeded = "'curl' requires the service name and may have a path"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Curl)
    const {data} = flags
    const body = data?.startsWith('@') ? await readInput(data.slice(1), '--data') : data
    const headers = (flags.header ?? []).map(parseHeader)
    const connection = await this.connect(flags, 'write')
    const {clock} = connection
    const startedMs = clock.now()
    const limit = timeLimit(clock, flags['max-time'], this.signal)
    try {
      const response = await callService(connection, {
        namespace: connection.namespace,
        name: args.name,
        path: args.path,
        tag: flags.tag,
        revision: flags.revision,
        method: flags.request ?? (body === undefined ? 'GET' : 'POST'),
        headers,
        body,
        signal: limit.signal,
      })
      if (flags.verbose) this.note(renderHead(response))
      if (flags.include) await writeAll(renderStatusAndFields(response), this.signal)
      for await (const chunk of response.body) await writeAll(chunk, this.signal)
      if (!flags.silent) this.note(renderAnswer(response, clock.now() - startedMs))
      if (flags.fail && response.status >= 400) process.exitCode = 1
    } catch (error) {
      throw limit.explain(error)
    }
  }
}
