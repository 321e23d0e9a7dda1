import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import {listFlag, verboseFlags} from '../src/cli/flags/common-flags.ts'
import {awsFlags} from '../src/cli/flags/install-flags.ts'
import {type DoctorReport, examine} from '../src/operations/doctor/examine.ts'
import {renderDoctor, renderJunit} from '../src/ui/doctor-text.ts'
import {machineText} from '../src/ui/machine-text.ts'

const FORMATS = ['table', 'json', 'yaml', 'junit'] as const

export default class Doctor extends BaseCommand {
  static override summary =
    'Find out why services cannot be reached, or why an installation would fail'
  static override description =
    'Looks at the cluster, the load balancer, the zone and the record, from all sides at once; changes ' +
    'nothing, and takes ten seconds at most. Ends with 1 when something is an error (or, with ' +
    '--severity warning, not fine), else with 0. An installation asks the same before its first write.'
  static override examples = [
    '# Everything\n<%= config.bin %> doctor',
    '# Only what is about names\n<%= config.bin %> doctor --only dns',
    '# In a build, with warnings as failures\n<%= config.bin %> doctor --severity warning -o junit > doctor.xml',
  ]
  static override flags = {
    only: listFlag({
      summary: 'Only these checks, by their ids or categories',
      helpValue: 'CHECK',
    }),
    severity: Flags.option({
      summary: 'What counts as failure: errors, or warnings and unanswered questions too',
      options: ['error', 'warning'] as const,
      default: 'error' as const,
    })(),
    ...awsFlags,
    ...verboseFlags,
    output: Flags.option({
      char: 'o',
      summary: 'Print as json, yaml or junit instead of text',
      options: FORMATS,
      env: 'KNTOOL_OUTPUT',
    })(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Doctor)
    const connection = await this.connect(flags, 'read')
    const {only, region, profile} = flags
    const report = await examine(connection, {only, region, profile})
    this.print(await renderReport(report, flags.output ?? 'table', flags.verbose))
    const {result} = report
    const isFailure = result === 'error' || (result === 'warning' && flags.severity === 'warning')
    if (isFailure) process.exitCode = 1
  }
}

function renderReport(
  report: DoctorReport,
  format: (typeof FORMATS)[number],
  verbose: boolean | undefined,
): Promise<string> | string {
  switch (format) {
    case 'table':
      return renderDoctor(report, {verbose: verbose ?? false})
    case 'junit':
      return renderJunit(report)
    case 'json':
    case 'yaml':
      return machineText(report, format)
  }
}
