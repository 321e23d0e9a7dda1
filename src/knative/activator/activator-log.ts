import type {Clock} from '../../util/clock.ts'

/** The commit of knative.dev/serving 1.13.1, which the genuine activator writes into each line. */
const COMMIT = '41769de'

/** Where lines go and what is the same in each. */
export interface ActivatorLogOptions {
  readonly clock: Clock
  readonly pod: string
  /** Receives one JSON line per message, without a newline. */
  readonly write: (line: string) => void
}

/** Severities as Knative's loggers name them. */
export type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'

/** What is particular to one line. */
export interface LogDetails {
  /** `namespace/name` of the revision it is about. */
  readonly key?: string
  readonly error?: string
}

/**
 * Writes lines as the genuine activator does, so that what people grep for is there; without
 * `caller`, the file and line of another program.
 */
export class ActivatorLog {
  readonly #options: ActivatorLogOptions

  constructor(options: ActivatorLogOptions) {
    this.#options = options
  }

  write(severity: Severity, message: string, details: LogDetails = {}): void {
    const {clock, pod, write} = this.#options
    write(
      JSON.stringify({
        severity,
        timestamp: new Date(clock.now()).toISOString(),
        logger: 'activator',
        message,
        commit: COMMIT,
        'knative.dev/controller': 'activator',
        'knative.dev/pod': pod,
        ...(details.key !== undefined && {'knative.dev/key': details.key}),
        ...(details.error !== undefined && {error: details.error}),
      }),
    )
  }
}
