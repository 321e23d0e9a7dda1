/**
 * Durations as Knative's ConfigMaps and annotations write them (`1m30s`), in milliseconds.
 *
 * Counterpart of Go's `time.ParseDuration` and `time.Duration.String`.
 */
import {quote} from './strconv.ts'

const UNIT_NS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}
const MAX_LENGTH = 1000
const MAX_NS = 2n ** 63n - 1n

/**
 * Parses a duration into milliseconds, exact to the nanosecond for anything a person writes.
 *
 * @throws Error with the text of Go's `time.ParseDuration`.
 */
export function parseDuration(text: string): number {
  // Go adds up as many parts as there are; nobody writes so many, and each takes its time.
  if (text.length > MAX_LENGTH) {
    throw new Error(`time: invalid duration of ${text.length} characters`)
  }
  const negative = text.startsWith('-')
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text
  if (unsigned === '0') return 0
  if (unsigned === '') throw invalid(text)
  const term = /([0-9]*)(?:\.([0-9]*))?([^.0-9]*)/y
  let total = 0n
  while (term.lastIndex < unsigned.length) {
    const [, whole = '', fraction = '', unit = ''] = term.exec(unsigned) ?? []
    total += termNs(text, whole, fraction, unit)
    if (total > (negative ? MAX_NS + 1n : MAX_NS)) throw invalid(text)
  }
  return Number(negative ? -total : total) / 1e6
}

function termNs(text: string, whole: string, fraction: string, unit: string): bigint {
  if (whole === '' && fraction === '') throw invalid(text)
  if (unit === '') throw new Error(`time: missing unit in duration ${quote(text)}`)
  const unitNs = UNIT_NS[unit]
  if (unitNs === undefined) {
    throw new Error(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`)
  }
  // Go keeps 18 digits of a fraction; below a nanosecond everything is cut off.
  const digits = fraction.slice(0, 18)
  const part = digits === '' ? 0n : (BigInt(digits) * unitNs) / 10n ** BigInt(digits.length)
  return BigInt(whole === '' ? '0' : whole) * unitNs + part
}

function invalid(text: string): Error {
  return new Error(`time: invalid duration ${quote(text)}`)
}

/** Milliseconds as Go prints a duration: `1h0m0s`, `1.5s`, `300ms`, `0s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s'
  const sign = durationMs < 0 ? '-' : ''
  const ns = BigInt(Math.round(Math.abs(durationMs) * 1e6))
  if (ns < 1_000n) return `${sign}${ns}ns`
  if (ns < 1_000_000n) return `${sign}${decimal(ns, 3)}µs`
  if (ns < 1_000_000_000n) return `${sign}${decimal(ns, 6)}ms`
  const minutes = ns / 60_000_000_000n
  const seconds = `${decimal(ns % 60_000_000_000n, 9)}s`
  if (minutes === 0n) return sign + seconds
  const hours = minutes / 60n
  if (hours === 0n) return `${sign}${minutes}m${seconds}`
  return `${sign}${hours}h${minutes % 60n}m${seconds}`
}

/** `value / 10^places` without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '')
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`)
}

/** Whether a duration has no part smaller than a second. */
export function isWholeSeconds(durationMs: number): boolean {
  return durationMs % 1_000 === 0
}
