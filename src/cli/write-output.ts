import type {ServiceOutcome, ServiceWriteOptions} from '../operations/service/service-outcome.ts'
import {chooseOutputPrinter, type PrintFlagValues} from '../ui/output-printer.ts'
import {renderServiceOutcome, serviceProgress} from '../ui/service-progress.ts'
import {visibleText} from '../util/visible-text.ts'
import {waitLimits, type WaitFlagValues} from './wait-limits.ts'

import {writeError} from './write-error.ts'

/**
 * How a command that writes a Service waits and what it prints.
 *
 * As text, the course and the end go to standard output, where kn's users look for them. With
 * `--output`, standard output has the document and nothing else. `--quiet` leaves the course out.
 */
export async function serviceWriteOptions(
  flags: WaitFlagValues & PrintFlagValues & {readonly quiet?: boolean | undefined},
  signal: AbortSignal,
): Promise<{options: ServiceWriteOptions; render(outcome: ServiceOutcome): string}> {
  const printer = await chooseOutputPrinter(flags, 'url')
  const course = printer === undefined ? process.stdout : process.stderr
  const observer = serviceProgress(
    (text) => void course.write(visibleText(text)),
    (text) => noteUnlessUnread(text, signal),
  )
  return {
    options: {
      ...((flags.wait ?? true) && {wait: waitLimits(flags)}),
      ...(!flags.quiet && {observer}),
      signal,
    },
    render(outcome) {
      if (printer === undefined) return renderServiceOutcome(outcome)
      if (printer === 'url') return `${outcome.service.status?.url ?? ''}\n`
      return printer.object(outcome.service)
    },
  }
}

/** Writes to standard error, unless nobody reads the output any more. */
export function noteUnlessUnread(text: string, signal: AbortSignal): void {
  if (signal.reason !== 'EPIPE') writeError(text)
}
