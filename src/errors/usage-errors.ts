import {KntoolError} from './kntool-error.ts'

/**
 * Collects what is wrong with an invocation, so that a person hears of all of it at once.
 *
 * Only `KN_USAGE` is collected; any other error is thrown on.
 */
export class UsageErrors {
  readonly #errors: KntoolError[] = []

  /** The result of `run`, or undefined if it found something wrong. */
  try<T>(run: () => T): T | undefined {
    try {
      return run()
    } catch (error) {
      this.add(error)
      return undefined
    }
  }

  /** Keeps an error of usage; throws any other. */
  add(error: unknown): void {
    if (!(error instanceof KntoolError) || error.code !== 'KN_USAGE') throw error
    const isKnown = this.#errors.some(({message}) => message === error.message)
    if (!isKnown) this.#errors.push(error)
  }

  /** Throws what was collected: one error as it is, several as one with all their texts. */
  throwAny(): void {
    const [first, ...others] = this.#errors
    if (first === undefined) return
    if (others.length === 0) throw first
    const hints = [...new Set(this.#errors.flatMap(({hints: own}) => own))]
    throw new KntoolError('KN_USAGE', this.#errors.map(({message}) => message).join('\nError: '), {
      hint: hints,
      details: {errors: this.#errors.map(({code, message}) => ({code, message}))},
    })
  }
}
