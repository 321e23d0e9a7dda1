import {describe, expect, test} from 'vitest'
import {
  atoi,
  formatFloat,
  parseBool,
  parseFloat64,
  parseInteger,
  parseUnsigned,
  quote,
} from '../../../src/util/strconv.ts'

describe('numbers from text', () => {
  test.each([
    ['7', 32, 7],
    ['+7', 32, 7],
    ['-2147483648', 32, -2147483648],
    ['0012', 64, 12],
  ] as const)('%s is an integer of %i bits', (text, bits, value) => {
    expect(parseInteger(text, bits)).toBe(value)
  })

  test.each([
    [() => parseInteger('x', 32), 'strconv.ParseInt: parsing "x": invalid syntax'],
    [() => parseInteger('', 64), 'strconv.ParseInt: parsing "": invalid syntax'],
    [() => parseInteger('1.5', 32), 'strconv.ParseInt: parsing "1.5": invalid syntax'],
    [
      () => parseInteger('2147483648', 32),
      'strconv.ParseInt: parsing "2147483648": value out of range',
    ],
    [() => atoi('1 '), 'strconv.Atoi: parsing "1 ": invalid syntax'],
    [() => parseUnsigned('-1', 64), 'strconv.ParseUint: parsing "-1": invalid syntax'],
    [() => parseUnsigned('65536', 16), 'strconv.ParseUint: parsing "65536": value out of range'],
    [() => parseFloat64('x'), 'strconv.ParseFloat: parsing "x": invalid syntax'],
    [() => parseFloat64('1e999'), 'strconv.ParseFloat: parsing "1e999": value out of range'],
    [() => parseBool('yes'), 'strconv.ParseBool: parsing "yes": invalid syntax'],
  ])('a bad text is told as Go tells it (%#)', (parse, message) => {
    expect(parse).toThrow(message)
  })

  test('floats may be short, signed, infinite or no number', () => {
    expect(['.5', '5.', '+1e3', '-Inf', 'infinity'].map(parseFloat64)).toEqual([
      0.5,
      5,
      1000,
      -Infinity,
      Infinity,
    ])
    expect(parseFloat64('NaN')).toBeNaN()
  })

  test('booleans have twelve spellings and no others', () => {
    expect(['1', 't', 'T', 'TRUE', 'true', 'True'].every(parseBool)).toBe(true)
    expect(['0', 'f', 'F', 'FALSE', 'false', 'False'].some(parseBool)).toBe(false)
    expect(() => parseBool('tRUE')).toThrow('invalid syntax')
  })
})

describe('text from values', () => {
  test.each([
    [0.5, '0.5'],
    [100, '100'],
    [1e21, '1e+21'],
    [1e20, '100000000000000000000'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Inf'],
  ])('%d is printed as %s', (value, text) => {
    expect(formatFloat(value)).toBe(text)
  })

  test('quotes escape what does not print', () => {
    expect(quote('a"b\\c\n\u0001é\u200b')).toBe('"a\\"b\\\\c\\n\\x01é\\u200b"')
  })
})
