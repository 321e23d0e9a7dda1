import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {scanJson} from '../../../../../src/kubernetes/apiserver/http/json-scanner.ts'

describe('the JSON scanner', () => {
  test('finds nothing wrong with what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(scanJson(JSON.stringify(value, undefined, 1))).toEqual({duplicates: []})
      }),
    )
  })

  test('agrees with JSON.parse about what is JSON', () => {
    const cut = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', 'x', '0'))
    fc.assert(
      fc.property(cut, ([text, at, inserted]) => {
        const position = at % (text.length + 1)
        const changed = text.slice(0, position) + inserted + text.slice(position)
        expect(scanJson(changed).problem === undefined).toBe(isJson(changed))
      }),
      {numRuns: 500},
    )
  })

  test.each([
    ['{"a":1,"a":2}', ['a']],
    ['{"a":{"b":1,"b":2},"c":[{"d":1,"d":2}]}', ['a.b', 'c[0].d']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['[{"a":1},{"a":2}]', []],
  ])('names the doubled fields of %s', (text, duplicates) => {
    expect(scanJson(text)).toEqual({duplicates})
  })

  test.each([
    ['', 'unexpected end of JSON input'],
    ['{not json', "invalid character 'n' looking for beginning of object key string"],
    ['{"a":1} {"b":2}', "invalid character '{' after top-level value"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['nope', "invalid character 'o' in literal null (expecting 'u')"],
    ['<xml>', "invalid character '<' looking for beginning of value"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
  ])('says of %j what Go says', (text, problem) => {
    expect(scanJson(text).problem).toBe(problem)
  })

  test('refuses a text that is nested too deeply instead of running out of stack', () => {
    expect(scanJson('['.repeat(20_000)).problem).toBe('exceeded max depth')
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
