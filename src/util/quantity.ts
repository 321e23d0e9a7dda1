/**
 * Kubernetes resource quantities (`100m`, `1.5Gi`, `2e3`).
 *
 * Counterpart of k8s.io/apimachinery `pkg/api/resource`. Amounts are exact: nano-units in a bigint.
 */

const NANO = 1_000_000_000n
const BINARY: Readonly<Record<string, bigint>> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
}
const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const DECIMAL_SUFFIXES = new Map(Object.entries(DECIMAL).map(([suffix, power]) => [power, suffix]))
const MAX_BINARY_NANO = (2n ** 63n - 1n) * NANO

/** A parsed quantity. */
export interface Quantity {
  /** The amount in billionths. */
  readonly nano: bigint
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent'
}

/**
 * Parses a quantity.
 *
 * @throws Error with the text of `resource.ParseQuantity`.
 */
export function parseQuantity(text: string): Quantity {
  const match = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[+-]?[0-9]*)$/.exec(text)
  if (match === null || text === '') {
    throw new Error(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    )
  }
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match
  const scale = interpretSuffix(suffix)
  if (scale === undefined) throw new Error("unable to parse quantity's suffix")
  if (whole === '' && fraction === '') {
    throw new Error('unable to parse numeric part of quantity')
  }
  const digits = BigInt(`${whole}${fraction}`)
  // The amount is digits × factor × 10^power billionths, rounded up: who asks for some gets some.
  const power = 9 + scale.power - fraction.length
  let nano = digits * scale.factor
  if (power >= 0) nano *= 10n ** BigInt(power)
  else {
    const divisor = 10n ** BigInt(-power)
    nano = (nano + divisor - 1n) / divisor
  }
  let format = scale.format
  if (format === 'BinarySI') {
    if (nano > MAX_BINARY_NANO) nano = MAX_BINARY_NANO
    if (nano > 0n && nano < NANO) format = 'DecimalSI'
  }
  return {nano: sign === '-' ? -nano : nano, format}
}

function interpretSuffix(
  suffix: string,
): {factor: bigint; power: number; format: Quantity['format']} | undefined {
  const binary = BINARY[suffix]
  if (binary !== undefined) return {factor: binary, power: 0, format: 'BinarySI'}
  const power = DECIMAL[suffix]
  if (power !== undefined) return {factor: 1n, power, format: 'DecimalSI'}
  if (/^[eE][+-]?[0-9]+$/.test(suffix)) {
    const exponent = Number(suffix.slice(1))
    // Beyond these nothing fits an amount; a larger power would only cost memory.
    if (Math.abs(exponent) <= 100) {
      return {factor: 1n, power: exponent, format: 'DecimalExponent'}
    }
  }
  return undefined
}

/** The canonical text of a quantity: no fraction, the largest suffix that loses nothing. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.nano === 0n) return '0'
  const sign = quantity.nano < 0n ? '-' : ''
  const nano = quantity.nano < 0n ? -quantity.nano : quantity.nano
  if (quantity.format === 'BinarySI' && nano % NANO === 0n && nano >= 1024n * NANO) {
    return sign + formatBinary(nano / NANO)
  }
  let number = nano
  let power = -9
  while (power < 18 && number % 1_000n === 0n) {
    number /= 1_000n
    power += 3
  }
  if (quantity.format === 'DecimalExponent')
    return `${sign}${number}${power === 0 ? '' : `e${power}`}`
  return `${sign}${number}${DECIMAL_SUFFIXES.get(power) ?? ''}`
}

function formatBinary(value: bigint): string {
  let number = value
  let suffix = ''
  for (const name of Object.keys(BINARY)) {
    if (number % 1024n !== 0n) break
    number /= 1024n
    suffix = name
  }
  return `${number}${suffix}`
}

/** Parses and prints a quantity: `1000m` is `1`, `1024Mi` is `1Gi`. Throws as {@link parseQuantity}. */
export function canonicalQuantity(text: string): string {
  return formatQuantity(parseQuantity(text))
}

/** Negative, zero or positive as `left` is less than, equal to or greater than `right`. */
export function compareQuantities(left: Quantity, right: Quantity): number {
  return left.nano < right.nano ? -1 : left.nano > right.nano ? 1 : 0
}

/** The amount in whole units, rounded up; thousandths when `unit` is `milli`. */
export function quantityValue(quantity: Quantity, unit: 'one' | 'milli' = 'one'): number {
  const divisor = unit === 'one' ? NANO : NANO / 1_000n
  const quotient = quantity.nano / divisor
  // BigInt division cuts towards zero, which is already up for negative amounts.
  return Number(quantity.nano > 0n && quantity.nano % divisor !== 0n ? quotient + 1n : quotient)
}
