import * as Flags from '@oclif/core/flags'
import type {ServiceOutcome, ServiceWriteOptions} from '../operations/service/service-outcome.ts'
import {parseOutputFormat, printObject} from '../ui/print-object.ts'
import {renderServiceOutcome, serviceProgress} from '../ui/service-progress.ts'
import {waitLimits, type WaitFlagValues} from './wait-limits.ts'

/** `-o` of commands that write: without it the output is kn's. */
export const writeOutputFlags = {
  output: Flags.string({
    char: 'o',
    summary: 'Print the service as json, yaml, name or url; the course goes to standard error',
    helpValue: 'FORMAT',
    env: 'KNTOOL_OUTPUT',
  }),
}

/**
 * How a command that writes a Service waits and what it prints.
 *
 * As text, the course and the end go to standard output, where kn's users look for them. With
 * `--output`, standard output has the document and nothing else.
 */
export function serviceWriteOptions(
  flags: WaitFlagValues & {readonly output?: string | undefined},
  signal: AbortSignal,
): {options: ServiceWriteOptions; render(outcome: ServiceOutcome): string} {
  const format = flags.output === undefined ? undefined : parseOutputFormat(flags.output, 'url')
  const course = format === undefined ? process.stdout : process.stderr
  const observer = serviceProgress(
    (text) => void course.write(text),
    (text) => noteUnlessUnread(text, signal),
  )
  return {
    options: {
      ...((flags.wait ?? true) && {wait: waitLimits(flags)}),
      observer,
      signal,
    },
    render(outcome) {
      if (format === undefined) return renderServiceOutcome(outcome)
      if (format === 'url') return `${outcome.service.status?.url ?? ''}\n`
      return printObject(outcome.service, format)
    },
  }
}

/** Writes to standard error, unless nobody reads the output any more. */
export function noteUnlessUnread(text: string, signal: AbortSignal): void {
  if (signal.reason !== 'EPIPE') process.stderr.write(text)
}
