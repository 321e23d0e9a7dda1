/** Shares of traffic as they are typed. */
import {KntoolError} from '../../errors/kntool-error.ts'
import {LATEST} from './compute-traffic.ts'

/** A reference (see `resolveReference`) and what it gets; without a percent, the rest. */
export interface TrafficShare {
  readonly reference: string
  readonly percent?: number
}

/**
 * Reads shares that add up to 100 at most.
 *
 * | text            | means                          |
 * |-----------------|--------------------------------|
 * | `@prev=90`      | 90 percent for `@prev`         |
 * | `gen:3=10%`     | 10 percent for generation 3    |
 * | `web-00001`     | the rest for `web-00001`       |
 * | `10`            | 10 percent for `@latest` (kn)  |
 *
 * Throws `KN_USAGE`, with the arithmetic if the sum is too large.
 */
export function parseShares(texts: readonly string[]): TrafficShare[] {
  const shares = texts.map(parseShare)
  const open = shares.filter(({percent}) => percent === undefined)
  if (open.length > 1) {
    const names = open.map(({reference}) => reference).join(' and ')
    throw new KntoolError('KN_USAGE', `Only one revision can get the rest, not ${names}.`, {
      hint: 'Give each of them a percent: REVISION=PERCENT',
    })
  }
  if (sumOf(shares) > 100) throw wrongSum(shares)
  return shares
}

/** Reads one share. Throws `KN_USAGE`. */
export function parseShare(text: string): TrafficShare {
  if (/^\d+%?$/.test(text)) return parseShare(`${LATEST}=${text}`)
  const equals = text.lastIndexOf('=')
  if (equals < 0 && text !== '') return {reference: text}
  const reference = text.slice(0, Math.max(0, equals))
  const number = text.slice(equals + 1).replace(/%$/, '')
  if (reference === '' || !/^\d{1,3}$/.test(number) || Number(number) > 100) {
    throw new KntoolError(
      'KN_USAGE',
      `"${text}" is not a share of traffic: it must be REVISION=PERCENT with a whole percent from 0 to 100.`,
      {hint: 'kntool traffic split hello @prev=90 @latest=10'},
    )
  }
  return {reference, percent: Number(number)}
}

/** What the shares with a percent add up to. */
export function sumOf(shares: readonly TrafficShare[]): number {
  return shares.reduce((total, {percent = 0}) => total + percent, 0)
}

/** The error for shares that are not 100 in sum, with the arithmetic and, if given, what else. */
export function wrongSum(
  shares: readonly TrafficShare[],
  {reason = '', hint = []}: {reason?: string; hint?: readonly string[]} = {},
): KntoolError {
  const sum = sumOf(shares)
  const arithmetic = shares.map(({reference, percent = 0}) => `${reference} ${percent}`).join(' + ')
  const difference = sum < 100 ? `${100 - sum} too few` : `${sum - 100} too many`
  return new KntoolError(
    'KN_USAGE',
    `The shares must add up to 100: ${arithmetic || 'nothing'} = ${sum}, which is ${difference}${reason}.`,
    {hint, details: {sum, shares}},
  )
}
