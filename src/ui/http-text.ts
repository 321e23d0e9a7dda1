/** Requests and answers as text. */
import {STATUS_CODES} from 'node:http'
import {KntoolError} from '../errors/kntool-error.ts'
import type {Answerer, CallResponse} from '../operations/call-service.ts'

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

/** Status and fields of an answer as HTTP/1.1 has them, with the empty line at their end. */
export function renderStatusAndFields({status, headers}: CallResponse): string {
  const reason = STATUS_CODES[status]
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status}${reason === undefined ? '' : ` ${reason}`}\r\n${fields.join('')}\r\n`
}

/** What the phases of an answer are, in words. */
const PHASES: Readonly<Record<string, string>> = {
  activator: 'waiting for a pod',
  queue: 'waiting in the pod',
  container: 'in the container',
}

/** A revision is named as the source only of what came from one. */
function nameAnswerer({kind, revision, pod}: Answerer): string {
  switch (kind) {
    case 'revision': {
      const from = `from ${revision ?? 'one of several revisions'}`
      return pod === undefined ? from : `${from}, pod ${pod}`
    }
    case 'refused':
      return revision === undefined
        ? 'from the gateway'
        : `on the way to ${revision}, which did not answer`
    case 'unsure':
      return `from ${revision ?? 'a revision'} or on the way to it`
  }
}

/**
 * Who answered, how long it took, and what of it, when a pod had to start first.
 *
 * @example
 *   200 from hello-00002, pod hello-00002-deployment-5d9-x2x, in 12 ms
 *   503 on the way to hello-00002, which did not answer, in 3 ms
 *   200 from hello-00002, pod hello-00002-deployment-5d9-x2x, in 240 ms (203 ms waiting for a pod, 30 ms in the container)
 */
export function renderAnswer(
  {status, answeredBy, phases}: Pick<CallResponse, 'status' | 'answeredBy' | 'phases'>,
  durationMs: number,
): string {
  const waited = phases.some((phase) => phase.name === 'activator' && phase.durationMs > 0)
  const parts = phases
    .filter((phase) => phase.durationMs > 0)
    .map((phase) => `${Math.round(phase.durationMs)} ms ${PHASES[phase.name] ?? phase.name}`)
  const detail = waited ? ` (${parts.join(', ')})` : ''
  return `${status} ${nameAnswerer(answeredBy)}, in ${Math.round(durationMs)} ms${detail}`
}
