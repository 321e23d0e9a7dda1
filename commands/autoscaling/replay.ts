import * as Args from '@oclif/core/args'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {readInput} from '../../src/cli/input-files.ts'
import {replayRecords} from '../../src/operations/autoscaling/replay-records.ts'

export default class AutoscalingReplay extends BaseCommand {
  static override summary = 'Decide again upon a recorded load'
  static override description =
    'Reads one JSON record per line: a trace (settings, and metrics and ready pods per tick) or ' +
    'settings alone (ConfigMap, annotations, containerConcurrency). Writes each with the decisions ' +
    'of the autoscaler in it, to compare with what a cluster decided or to try settings.'
  static override usage = 'autoscaling replay FILE'
  static override examples = [
    '# What would the autoscaler have done?\n<%= config.bin %> autoscaling replay load.jsonl',
    '# From standard input\ncat load.jsonl | <%= config.bin %> autoscaling replay -',
  ]
  static override args = {
    file: Args.string({
      description: 'File with the records; - is standard input',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override argumentsNeeded =
    "'autoscaling replay' requires the file with the records, or - for standard input"

  async run(): Promise<void> {
    const {args} = await this.parse(AutoscalingReplay)
    const text = await readInput(args.file, 'FILE')
    const source = args.file === '-' ? 'standard input' : args.file
    for (const line of replayRecords(text, source)) this.print(line)
  }
}
