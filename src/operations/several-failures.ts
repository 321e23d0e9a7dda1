import {KntoolError} from '../errors/kntool-error.ts'
import {explainError} from './explain-error.ts'

/**
 * One error for the failures of a command that goes on after each: its code is theirs if they agree,
 * and its text has all of theirs, as kn joins them.
 */
export function severalFailures(failures: readonly unknown[]): KntoolError {
  const explained = failures.map(explainError)
  const [first] = explained
  if (first !== undefined && explained.length === 1) return first
  const agree = explained.every(({code}) => code === first?.code)
  return new KntoolError(
    agree && first !== undefined ? first.code : 'KN_FAILED',
    explained.map(({message}) => message).join('\nError: '),
    {
      hint: first?.hints ?? [],
      details: {errors: explained.map(({code, message}) => ({code, message}))},
    },
  )
}
