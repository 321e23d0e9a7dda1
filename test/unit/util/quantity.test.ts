import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {
  canonicalQuantity,
  compareQuantities,
  parseQuantity,
  quantityValue,
} from '../../../src/util/quantity.ts'

describe('quantities', () => {
  test.each([
    ['1000m', '1'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['1Ki', '1Ki'],
    ['512', '512'],
    ['1500k', '1500k'],
    ['1000k', '1M'],
    ['2e3', '2e3'],
    ['0.1Ki', '102400m'],
    ['00', '0'],
    ['-5', '-5'],
    ['+3Gi', '3Gi'],
    ['0.5n', '1n'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical)
  })

  test.each(['', 'x', '1Q', '1.2.3', '1 ', '1_0'])('%j does not look like one', (text) => {
    expect(() => parseQuantity(text)).toThrow(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    )
  })

  test.each(['1mm', '1e', '1Kii'])('%j has no known suffix', (text) => {
    expect(() => parseQuantity(text)).toThrow("unable to parse quantity's suffix")
  })

  test('the canonical text is the same amount', () => {
    const suffix = fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi')
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(999), suffix, (whole, fraction, unit) => {
        const text = `${whole}.${fraction}${unit}`
        const once = canonicalQuantity(text)
        // A binary amount that is no multiple of 1024 has no suffix, and reads as a decimal one.
        const keepsUnit = !unit.endsWith('i') || once.endsWith('i')
        const twice = canonicalQuantity(once)
        expect(keepsUnit ? twice : canonicalQuantity(twice)).toBe(keepsUnit ? once : twice)
        expect(compareQuantities(parseQuantity(text), parseQuantity(once))).toBe(0)
      }),
    )
  })

  test('amounts round up and compare across units', () => {
    expect(quantityValue(parseQuantity('100m'))).toBe(1)
    expect(quantityValue(parseQuantity('100m'), 'milli')).toBe(100)
    expect(quantityValue(parseQuantity('-1500m'))).toBe(-1)
    expect(compareQuantities(parseQuantity('1Gi'), parseQuantity('1G'))).toBeGreaterThan(0)
    expect(compareQuantities(parseQuantity('999m'), parseQuantity('1'))).toBeLessThan(0)
  })
})
