import {badRequest} from '../errors.ts'
import type {Query} from '../request-context.ts'
import {forbidden, invalid, notSupported, type FieldError} from '../validation/field-error.ts'

const MATCH = 'resourceVersionMatch'

/**
 * Refuses, with 422, what makes no sense in the query of a list, a watch or a delete of a
 * collection.
 *
 * Counterpart of apimachinery `internalversion/validation.ValidateListOptions`.
 */
export function checkListOptions(query: Query, isWatch: boolean): void {
  const errors = isWatch ? watchErrors(query) : listErrors(query)
  if (errors.length > 0) {
    throw invalid({group: 'meta.k8s.io', kind: 'ListOptions', name: ''}, errors)
  }
}

/** A flag of a query as upstream reads it: only its absence, `false` and `0` say no. */
export function readFlag(query: Query, name: string): boolean {
  const text = query.get(name)?.toLowerCase()
  return text !== undefined && text !== 'false' && text !== '0'
}

/** A count of a query, 0 without one. Throws 400 for what is no whole number. */
export function readCount(query: Query, name: string): number {
  const text = query.get(name) ?? ''
  if (text === '') return 0
  if (!/^[+-]?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  }
  return Math.max(0, Number(text))
}

function listErrors(query: Query): FieldError[] {
  const match = query.get(MATCH) ?? ''
  const version = query.get('resourceVersion') ?? ''
  const errors: FieldError[] = []
  if (match !== '') {
    if (version === '') {
      errors.push(forbidden(MATCH, `${MATCH} is forbidden unless resourceVersion is provided`))
    }
    if (isContinued(query)) errors.push(forbidden(MATCH, `${MATCH} is forbidden for continue`))
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.push(notSupported(MATCH, match, ['Exact', 'NotOlderThan', '']))
    }
    if (match === 'Exact' && version === '0') {
      errors.push(forbidden(MATCH, `${MATCH} "exact" is forbidden for resourceVersion "0"`))
    }
  }
  if (query.has('sendInitialEvents')) {
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  return errors
}

function watchErrors(query: Query): FieldError[] {
  const match = query.get(MATCH) ?? ''
  const sendsInitial = query.has('sendInitialEvents')
  const errors: FieldError[] = []
  if (sendsInitial && match !== 'NotOlderThan') {
    errors.push(forbidden(MATCH, `sendInitialEvents requires setting ${MATCH} to NotOlderThan`))
  }
  if (match === '') return errors
  if (!sendsInitial) {
    errors.push(
      forbidden(MATCH, `${MATCH} is forbidden for watch unless sendInitialEvents is provided`),
    )
  }
  if (match !== 'NotOlderThan') errors.push(notSupported(MATCH, match, ['NotOlderThan']))
  if (isContinued(query)) errors.push(forbidden(MATCH, `${MATCH} is forbidden for continue`))
  return errors
}

function isContinued(query: Query): boolean {
  return (query.get('continue') ?? '') !== ''
}
