import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {unifiedDiff} from '../../../src/util/unified-diff.ts'

describe('unifiedDiff', () => {
  test('is empty when nothing differs', () => {
    expect(unifiedDiff('a\nb\n', 'a\nb\n')).toBe('')
  })

  test('shows three lines around a change', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\n'
    expect(unifiedDiff(before, before.replace('e', 'E'))).toBe(
      '@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n',
    )
  })

  test('shows a new text as lines that come', () => {
    expect(unifiedDiff('', 'a\nb\n')).toBe('@@ -0,0 +1,2 @@\n+a\n+b\n')
  })

  test('shows changes that are far apart as two hunks', () => {
    const lines = Array.from({length: 20}, (_, index) => `${index}`)
    const changed = lines.with(2, 'x').with(15, 'y')
    const diff = unifiedDiff(`${lines.join('\n')}\n`, `${changed.join('\n')}\n`)
    expect(diff.match(/^@@.*$/gm)).toEqual(['@@ -1,6 +1,6 @@', '@@ -13,7 +13,7 @@'])
  })

  test('takes the old text to the new one when it is applied', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd'), {maxLength: 30})
      .map((lines) => lines.map((line) => `${line}\n`).join(''))
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applyDiff(before, unifiedDiff(before, after))).toBe(after)
      }),
    )
  })
})

/** What `patch` does: refuses context and removals that are not there. */
function applyDiff(text: string, diff: string): string {
  const rest = text.split('\n').slice(0, -1)
  const result: string[] = []
  let taken = 0
  const take = (): string => {
    taken += 1
    return rest.shift() ?? 'nothing left'
  }
  for (const line of diff.split('\n').slice(0, -1)) {
    const [, from, length = '1'] = /^@@ -(\d+)(?:,(\d+))? /.exec(line) ?? []
    if (from !== undefined) {
      const start = Number(from) - (length === '0' ? 0 : 1)
      while (taken < start) result.push(take())
    } else if (line.startsWith('+')) {
      result.push(line.slice(1))
    } else {
      if (take() !== line.slice(1)) throw new Error(`not there: ${line}`)
      if (line.startsWith(' ')) result.push(line.slice(1))
    }
  }
  return [...result, ...rest].map((line) => `${line}\n`).join('')
}
