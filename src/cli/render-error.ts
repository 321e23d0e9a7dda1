import type {KntoolError} from '../errors/kntool-error.ts'

/**
 * An error as text for people.
 *
 * @example
 *   Error: services.serving.knative.dev "nosuch" not found
 *     See what there is: kntool service list -A
 */
export function renderError(error: KntoolError): string {
  const hints = error.hints.map((hint) => `  ${hint}\n`)
  return `Error: ${error.message}\n${hints.join('')}`
}

/** An error as the document that `--output json` promises. */
export function renderErrorJson(error: KntoolError): string {
  const {code, message, hints, details} = error
  const [hint] = hints
  return `${JSON.stringify({error: {code, message, ...(hint && {hint}), details}}, undefined, 2)}\n`
}
