/** Ctrl-C, a closed terminal and a reader that went away, as one signal for operations. */

/** Why a run ends early. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'EPIPE'

/** Aborts with an {@link Interruption} as its reason. */
export const interruption = new AbortController()

const EXIT_CODES: Readonly<Record<Interruption, number>> = {
  SIGINT: 130,
  SIGTERM: 143,
  SIGHUP: 129,
  EPIPE: 0,
}

/** The exit status after an interruption. */
export function exitCodeOf(reason: Interruption): number {
  return EXIT_CODES[reason]
}

/**
 * Begins to listen. The first interruption lets the command clean up, a second one of the same kind
 * ends the process at once.
 */
export function listenForInterruptions(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (interruption.signal.aborted) process.exit(exitCodeOf(name))
      interruption.abort(name)
    })
  }
  const onBrokenPipe = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error
    interruption.abort('EPIPE')
  }
  process.stdout.on('error', onBrokenPipe)
  process.stderr.on('error', onBrokenPipe)
}
