/**
 * `x` to the power of `y` for 0 < x < 1 and y > 0, bit for bit as Go computes it on amd64.
 *
 * `Math.pow` differs in the last bit now and then, and a weighted average must round to the same
 * number of pods as upstream's.
 */
export function powGo(x: number, y: number): number {
  let whole = Math.floor(y)
  let fraction = y - whole
  let result = 1
  if (fraction !== 0) {
    if (fraction > 0.5) {
      fraction -= 1
      whole += 1
    }
    result = expGo(fraction * Math.log(x))
  }
  let exponent = 0
  let [mantissa, scale] = splitFloat(x)
  for (let bits = whole; bits > 0; bits = Math.floor(bits / 2)) {
    if (bits % 2 === 1) {
      result *= mantissa
      exponent += scale
    }
    mantissa *= mantissa
    scale *= 2
    if (mantissa < 0.5) {
      mantissa += mantissa
      scale -= 1
    }
  }
  return result * 2 ** exponent
}

const LN2_UPPER = 0.693147180559663
const LN2_LOWER = 2.8235290563031577e-13
/** 1/8!, 1/7! … 1/1!: the Taylor series of eˣ, without its first term. */
const SERIES = [1 / 40320, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1]

/** eˣ by Shibata's method, which Go uses on amd64: a series of x/16, then squared four times. */
function expGo(x: number): number {
  const exponent = Math.round(x * Math.LOG2E)
  const reduced = (x - LN2_UPPER * exponent - LN2_LOWER * exponent) * 0.0625
  let series = 0
  for (const coefficient of SERIES) series = series * reduced + coefficient
  // (1 + v)² − 1 = v (v + 2): squaring without losing the digits of a small v.
  let less1 = series * reduced
  for (let squaring = 0; squaring < 4; squaring++) less1 *= less1 + 2
  return (less1 + 1) * 2 ** exponent
}

/** A float as a mantissa in [0.5, 1) times a power of two. */
function splitFloat(value: number): [mantissa: number, exponent: number] {
  const exponent = Math.floor(Math.log2(value)) + 1
  return [value / 2 ** exponent, exponent]
}
