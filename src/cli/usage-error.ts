import {KntoolError} from '../errors/kntool-error.ts'

/** A command line that cannot be right: `message` says why, `similar` what may have been meant. */
export function usageError(
  message: string,
  command: string,
  similar: readonly string[] = [],
): KntoolError {
  const guesses = similar.length > 0 ? [`Did you mean ${similar.join(' or ')}?`] : []
  return new KntoolError('KN_USAGE', message, {hint: [...guesses, `${command} --help`]})
}
