import {badRequest} from '../errors.ts'
import {isJsonObject} from '../json-value.ts'
import {parseJson} from '../read-body.ts'

/** Where the next page of a list begins. */
export interface ContinueToken {
  /** The revision of the first page, which all pages show. */
  readonly revision: number
  /** The storage key of the last object of the page before. */
  readonly startAfter: string
}

/** The text of a token; it carries the key below `prefix` only, as upstream does. */
export function encodeContinue(token: ContinueToken, prefix: string): string {
  const value = {
    v: 'meta.k8s.io/v1',
    rv: token.revision,
    start: `${token.startAfter.slice(prefix.length)}\0`,
  }
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Reads a token; undefined for an empty one. Throws 400 for texts we did not make. */
export function parseContinue(text: string, prefix: string): ContinueToken | undefined {
  if (text === '') return undefined
  const decoded = Buffer.from(text, 'base64url').toString('latin1')
  const {value, problem} = parseJson(decoded)
  if (problem !== undefined) throw refuse(`continue key is not valid: ${problem}`)
  if (!isJsonObject(value) || value['v'] !== 'meta.k8s.io/v1') {
    throw refuse('continue key is not valid: server does not recognize this encoded version')
  }
  const {rv, start} = value
  if (typeof rv !== 'number' || typeof start !== 'string' || start === '') {
    throw refuse('continue key is not valid: encoded start key is not valid')
  }
  const key = Buffer.from(start, 'latin1').toString('utf8').replace(/\0$/, '')
  return {revision: rv, startAfter: prefix + key}
}

function refuse(why: string): Error {
  return badRequest(`invalid continue token: ${why}`)
}
