import type {Scalar} from './scalars.ts'

/** A key of a map as the text that JSON needs; undefined for null, which cannot be one. */
export function keyText({type, value}: Scalar): string | undefined {
  if (value === null) return undefined
  return type === 'float' ? floatKey(Number(value)) : String(value)
}

/** The exponent is written from the sixth digit on, as in Go's `%g`; 32 bits say how many digits. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (Math.abs(value) > MAX_FLOAT32) return value < 0 ? '-.inf' : '.inf'
  const [mantissa = '', exponent = '0'] = shortest(value).split('e')
  const power = Number(exponent)
  if (power >= -4 && power < EXPONENT_FROM) return String(Number(`${mantissa}e${power}`))
  const sign = power < 0 ? '-' : '+'
  return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, '0')}`
}

const MAX_FLOAT32 = 3.4028234663852886e38
const EXPONENT_FROM = 6

/** The fewest digits that stand for the same 32-bit number, with an exponent. */
function shortest(value: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const text = value.toExponential(digits)
    if (Math.fround(Number(text)) === Math.fround(value)) return text
  }
  return value.toExponential()
}
