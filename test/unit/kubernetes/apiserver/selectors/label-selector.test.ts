import {describe, expect, test} from 'vitest'
import {StatusError} from '../../../../../src/api/meta/status-error.ts'
import {parseLabelSelector} from '../../../../../src/kubernetes/apiserver/selectors/label-selector.ts'

describe('a label selector', () => {
  test.each([
    ['a=b', {a: 'b'}, true],
    ['a=b', {a: 'c'}, false],
    ['a=b', {}, false],
    ['a==b', {a: 'b'}, true],
    ['a!=b', {}, true],
    ['a!=b', {a: 'b'}, false],
    ['a', {a: ''}, true],
    ['!a', {a: ''}, false],
    ['! a', {}, true],
    ['a=', {a: ''}, true],
    ['a in (b,c)', {a: 'c'}, true],
    ['a in (b,)', {a: 'b'}, true],
    ['a notin (b, c)', {}, true],
    ['a notin (b, c)', {a: 'b'}, false],
    ['n>5', {n: '7'}, true],
    ['n>5', {n: 'x'}, false],
    ['n<5', {n: '7'}, false],
    ['example.com/a=b,c', {'example.com/a': 'b', c: 'd'}, true],
    ['example.com/a=b,c', {'example.com/a': 'b'}, false],
    ['constructor', {}, false],
  ])('%s of %j is %s', (text, labels, isMatch) => {
    expect(parseLabelSelector(text)?.(labels)).toBe(isMatch)
  })

  test.each(['', '  '])('is none when it is empty (%j)', (text) => {
    expect(parseLabelSelector(text)).toBeUndefined()
  })

  test.each([
    ['a===b', "found '=', expected: identifier"],
    ['a in b', "found 'b' expected: '('"],
    ['a in (b', "found '', expected: ',', ')' or identifier"],
    ['a=b,', "found '', expected: identifier after ','"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a=-b', 'a valid label must be an empty string or consist of'],
    ['a b/c=d', "found 'b/c', expected: in, notin"],
  ])('%s is refused', (text, problem) => {
    expect(() => parseLabelSelector(text)).toThrow(StatusError)
    expect(() => parseLabelSelector(text)).toThrow(problem)
  })
})
