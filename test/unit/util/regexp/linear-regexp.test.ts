import {describe, expect, test} from 'vitest'
import {compileRegExp, RegExpSyntaxError} from '../../../../src/util/regexp/linear-regexp.ts'
import {programSize} from '../../../../src/util/regexp/program-size.ts'

describe('compileRegExp', () => {
  test('finds a pattern anywhere, or asks that it takes the whole text', () => {
    const pattern = compileRegExp('b+')
    expect(pattern.test('abbc')).toBe(true)
    expect(pattern.testWhole('abbc')).toBe(false)
    expect(pattern.testWhole('bb')).toBe(true)
    expect(pattern.findAll('abbcb')).toEqual(['bb', 'b'])
    expect(pattern.findAll('abbcb', 1)).toEqual(['bb'])
  })

  test.each(['(a+)+$', '(a|aa)+$', '(.*)*(.*)*(.*)*x', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'takes %s, which would never end by going back, over 100,000 characters',
    (pattern) => {
      expect(compileRegExp(pattern).test(`${'a'.repeat(100_000)}!`)).toBe(false)
    },
  )

  test.each([
    ['a(b', 'error parsing regexp: missing closing ): `a(b`'],
    ['(?=a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    [String.raw`\1`, 'error parsing regexp: invalid escape sequence: `\\1`'],
    ['*a', 'error parsing regexp: missing argument to repetition operator: `*`'],
    ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
    ['a{1000}'.repeat(11), 'error parsing regexp: expression too large'],
    ['a'.repeat(20_000), 'error parsing regexp: expression too large'],
  ])('refuses %.20s as Go does', (pattern, message) => {
    expect(() => compileRegExp(pattern)).toThrow(new RegExpSyntaxError(message))
  })
})

describe('programSize', () => {
  test.each([
    ['abc', 3],
    ['a{3}', 3],
    ['a{3,}', 4],
    ['(a{1000}b){5}', 5010],
    [String.raw`\d{2,5}`, 5],
    ['[^]a{9}]{4}', 4],
    ['a{,3}', 5],
    ['((((a', 1],
  ])('of %s is %d', (pattern, size) => {
    expect(programSize(pattern)).toBe(size)
  })
})
