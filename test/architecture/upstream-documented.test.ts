import {existsSync, readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

const text = readFileSync('docs/upstream.md', 'utf8')

test('everything that is compared with upstream is where the table says', () => {
  const paths = [...text.matchAll(/`((?:src|test)\/[^`<]*)/g)].map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => !existsSync(path))).toEqual([])
})
