import {ERROR_CATALOG, type ErrorCode} from './catalog.ts'

/** What belongs to a {@link KntoolError} besides its message. */
export interface KntoolErrorOptions {
  /** The next command or action, best first. */
  readonly hint?: string | readonly string[]
  /** Machine-readable facts, printed with `--output json`. Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * An error a person is meant to see.
 *
 * The message says in one sentence what happened, with the concrete name and field, and why; the
 * hints say what to type next.
 */
export class KntoolError extends Error {
  override readonly name = 'KntoolError'
  readonly code: ErrorCode
  readonly hints: readonly string[]
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: KntoolErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.code = code
    this.hints = options.hint === undefined ? [] : [options.hint].flat()
    this.details = options.details ?? {}
  }

  /** The exit status of the process that ends with this error. */
  get exitCode(): number {
    return ERROR_CATALOG[this.code].exit
  }
}
