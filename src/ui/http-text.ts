/** Requests and answers as text. */
import {KntoolError} from '../errors/kntool-error.ts'
import type {CallResponse} from '../operations/call-service.ts'

/** Reads `name: value`. Throws `KN_USAGE`. */
export function parseHeader(text: string): [name: string, value: string] {
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(0, colon)).trim()
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
    throw new KntoolError('KN_USAGE', `"${text}" is not a header field: it must be NAME:VALUE.`)
  }
  return [name, text.slice(colon + 1).trim()]
}

/** URL, status and fields of an answer, a line each. */
export function renderHead({url, status, headers}: CallResponse): string {
  return [`> ${url}`, `< ${status}`, ...headers.map(([name, value]) => `< ${name}: ${value}`)].join(
    '\n',
  )
}

/**
 * Who answered, and how long it took.
 *
 * @example
 *   200 from hello-00002, pod hello-00002-deployment-5d9-x2x, in 12 ms
 */
export function renderAnswer(
  {status, answeredBy: {revision, pod}}: CallResponse,
  durationMs: number,
): string {
  const who = [revision ?? 'one of several revisions', ...(pod === undefined ? [] : [`pod ${pod}`])]
  return `${status} from ${who.join(', ')}, in ${Math.round(durationMs)} ms`
}
