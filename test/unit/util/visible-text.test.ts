import {describe, expect, test} from 'vitest'
import {visibleLogLine, visibleText} from '../../../src/util/visible-text.ts'

describe('visibleText', () => {
  test.each([
    ['an escape that writes the clipboard', '\u001b]52;c;eA==\u0007', '\\u001b]52;c;eA==\\u0007'],
    ['a carriage return', 'safe\rEVIL', 'safe\\u000dEVIL'],
    ['a C1 control', '\u009b31m', '\\u009b31m'],
    ['a change of direction', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['a NUL', 'a\u0000b', 'a\\u0000b'],
  ])('shows %s', (_, text, shown) => {
    expect(visibleText(text)).toBe(shown)
  })

  test('leaves tabs, line ends and letters of all kinds alone', () => {
    const text = 'NAME\tÜber 日本語 👩‍💻\n'
    expect(visibleText(text)).toBe(text)
  })

  test('keeps the meaning of a JSON document', () => {
    const value = {message: 'a\u202eb\u009bc\u001b'}
    expect(JSON.parse(visibleText(JSON.stringify(value)))).toEqual(value)
  })
})

test('a line of a log keeps its colours and nothing else', () => {
  expect(visibleLogLine('\u001b[31mred\u001b[0m\u001b[2J')).toBe('\u001b[31mred\u001b[0m\\u001b[2J')
})
