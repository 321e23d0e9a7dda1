import {describe, expect, test} from 'vitest'
import {alignTabs, DESCRIBE_TABS, TABLE_TABS} from '../../../src/ui/tab-writer.ts'

describe('alignTabs', () => {
  test('pads all cells but the last of a line', () => {
    expect(alignTabs('NAME\tURL\tREADY\nhello\thttp://x\t\n', TABLE_TABS)).toBe(
      'NAME    URL        READY\nhello   http://x   \n',
    )
  })

  test('gives a column of a table at least six characters', () => {
    expect(alignTabs('A\tB\n1\t2\n', TABLE_TABS)).toBe('A     B\n1     2\n')
  })

  test('starts anew after a line that has no cell in the column', () => {
    expect(alignTabs('a\tb\nlong text without cells\nccc\td\n', DESCRIBE_TABS)).toBe(
      'a  b\nlong text without cells\nccc  d\n',
    )
  })

  test('aligns later columns only among lines that have them', () => {
    expect(alignTabs('a\tb\tc\nx\ty\nlonger\tq\tr\n', DESCRIBE_TABS)).toBe(
      'a       b  c\nx       y\nlonger  q  r\n',
    )
  })

  test('counts characters, not bytes', () => {
    expect(alignTabs('Ω…\tx\nab\ty\n', DESCRIBE_TABS)).toBe('Ω…  x\nab  y\n')
  })
})
