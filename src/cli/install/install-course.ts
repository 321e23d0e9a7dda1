/** How the course of an installation is shown, and who is asked on the way. */
import {KntoolError} from '../../errors/kntool-error.ts'
import type {InstallObserver} from '../../operations/install/run-steps.ts'
import type {Clock} from '../../util/clock.ts'
import {installBeginLine, installEventLine} from '../../ui/install/install-events.ts'
import {installProgressLines} from '../../ui/install/install-progress.ts'
import {renderRisks} from '../../ui/install/install-text.ts'
import {askOnTerminal} from '../ask.ts'
import {writeError} from '../write-error.ts'

/** What decides how the course is shown. */
export interface CourseOptions {
  readonly output: 'json' | 'yaml' | 'ndjson' | undefined
  readonly yes: boolean | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Writes to standard output. */
  readonly print: (text: string) => void
}

/**
 * Runs `run` with an observer that shows its course: as lines of JSON on standard output, else on
 * standard error, line by line or, on a terminal, as a tree that is drawn anew.
 *
 * Where an interruption stopped it, that and how to go on is said on standard error.
 */
export async function withCourse<T>(
  options: CourseOptions,
  run: (observer: InstallObserver) => Promise<T>,
): Promise<T> {
  try {
    return await showCourse(options, run)
  } catch (error) {
    // After a signal nothing else is said; else the error is shown as all others are.
    const isSaid = !options.signal.aborted
    if (!isSaid && error instanceof KntoolError && error.code === 'KN_INTERRUPTED') {
      writeError(`${error.message}\n${error.hints.map((hint) => `  ${hint}\n`).join('')}`)
    }
    throw error
  }
}

async function showCourse<T>(
  {output, yes, clock, signal, print}: CourseOptions,
  run: (observer: InstallObserver) => Promise<T>,
): Promise<T> {
  const confirm = async (risks: readonly string[]): Promise<boolean> =>
    yes || askOnTerminal(renderRisks(risks), signal)
  if (output === 'ndjson') {
    return run({
      confirm,
      onBegin: (steps) => print(installBeginLine(steps, clock.now())),
      onEvent: (event) => print(installEventLine(event, clock.now())),
    })
  }
  if (isTerminal()) {
    const {showInstallTree} = await import('../../ui/install/tree/show-install-tree.ts')
    const tree = showInstallTree({stream: process.stderr, clock})
    try {
      const confirmBelow = async (risks: readonly string[]): Promise<boolean> => {
        await tree.hide()
        const agreed = await confirm(risks)
        if (agreed) tree.show()
        return agreed
      }
      return await run({confirm: confirmBelow, onBegin: tree.begin, onEvent: tree.event})
    } finally {
      await tree.close()
    }
  }
  const onEvent = installProgressLines((text) => writeError(text))
  return run({confirm, onEvent})
}

// A terminal that cannot move its cursor, and logs of build servers, get lines.
function isTerminal(): boolean {
  const {TERM, CI} = process.env
  return process.stderr.isTTY && TERM !== 'dumb' && !CI
}
