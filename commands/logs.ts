import * as Flags from '@oclif/core/flags'
import {requiredName} from '../src/cli/arguments.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {durationFlag, integerFlag, namespaceFlags} from '../src/cli/flags/common-flags.ts'
import {usageError} from '../src/cli/usage-error.ts'
import {writeAll} from '../src/cli/write-all.ts'
import {readServiceLogs} from '../src/operations/logs/service-logs.ts'
import {renderLogLine, renderLogLineJson, wantsColour} from '../src/ui/log-text.ts'

export default class Logs extends BaseCommand {
  static override summary = 'Print the logs of a service'
  static override description =
    'Of all its pods and revisions, in the order of time. With --follow, pods that start later ' +
    'join in, and containers that start again go on.'
  static override examples = [
    '# What the pods of a service have written\n<%= config.bin %> logs web',
    '# Everything from the last five minutes on, as it is written\n<%= config.bin %> logs web -f --since 5m',
    '# Why the container of the newest revision ended\n<%= config.bin %> logs web --revision @latest --previous --tail 20',
    '# A JSON document per line\n<%= config.bin %> logs web -o json',
  ]
  static override args = {name: requiredName('service')}
  static override flags = {
    follow: Flags.boolean({char: 'f', summary: 'Go on as lines are written'}),
    since: durationFlag({
      summary: 'Only lines not older than this: 90s, 5m, 1h',
      helpValue: 'TIME',
    }),
    tail: integerFlag({summary: 'Last lines of each container (default: all)', helpValue: 'N'}),
    previous: Flags.boolean({
      char: 'p',
      summary: 'What containers wrote before they were restarted',
      exclusive: ['follow'],
    }),
    revision: Flags.string({
      summary: 'Only this revision: a name, a tag, @latest, @prev or gen:3',
      helpValue: 'REVISION',
    }),
    container: Flags.string({
      char: 'c',
      summary: "Only this container (default: all but Knative's queue-proxy)",
      helpValue: 'NAME',
    }),
    timestamps: Flags.boolean({summary: 'Begin each line with its time'}),
    prefix: Flags.boolean({summary: 'Begin each line with its pod (default: true)', allowNo: true}),
    output: Flags.option({
      char: 'o',
      summary: 'Print a JSON document for each line',
      options: ['json'] as const,
      env: 'KNTOOL_OUTPUT',
    })(),
    ...namespaceFlags,
  }
  static override argumentsNeeded = "'logs' requires the service name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Logs)
    const {tail, since, revision, container, previous, follow} = flags
    if ((tail ?? 0) < 0) throw usageError('--tail must be 0 or more', 'kntool logs')
    const connection = await this.connect(flags, 'write')
    const lines = readServiceLogs(connection, {
      namespace: connection.namespace,
      name: args.name,
      revision,
      container,
      previous,
      tail,
      follow: follow ?? false,
      ...(since !== undefined && {sinceSeconds: Math.max(1, Math.ceil(since / 1000))}),
      signal: this.signal,
      onNotice: (text) => this.note(text),
    })
    const options = {
      timestamps: flags.timestamps ?? false,
      prefix: flags.prefix ?? true,
      colour: wantsColour(process.stdout, process.env),
      visible: process.stdout.isTTY === true,
    }
    const render = flags.output === 'json' ? renderLogLineJson : renderLogLine
    for await (const line of lines) await writeAll(render(line, options), this.signal)
  }
}
