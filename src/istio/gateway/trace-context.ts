import {randomBytes} from 'node:crypto'
import type {HeaderFields} from '../../http/header-fields.ts'

const PROCESS = randomBytes(8).toString('hex')
let requests = 0

/**
 * Gives a request the ids by which tracing systems follow it, in the two forms containers look for:
 * `x-b3-*` and `traceparent`. Ids that are there already are kept.
 *
 * The ids are unique, not random: half of them is drawn once per process, the rest counts. Nothing
 * is recorded, so the request is marked as not sampled.
 */
export function addTraceContext(headers: HeaderFields): void {
  const parent = headers.get('traceparent')
  const given = headers.get('x-b3-traceid')
  if (parent !== undefined && given !== undefined) return
  const span = (++requests).toString(16).padStart(16, '0')
  const trace = given ?? parent?.split('-')[1] ?? `${PROCESS}${span}`
  if (given === undefined) {
    headers.add('x-b3-traceid', trace)
    headers.add('x-b3-spanid', span)
    headers.add('x-b3-sampled', '0')
  }
  if (parent === undefined) headers.add('traceparent', `00-${trace.padStart(32, '0')}-${span}-00`)
}
