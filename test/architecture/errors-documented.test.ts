import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {ERROR_CATALOG} from '../../src/errors/catalog.ts'

const text = readFileSync('docs/errors.md', 'utf8')
const sections = new Map(
  [...text.matchAll(/^## (KN_\w+)\n+Exit (\d+)\. /gm)].map(([, code, exit]) => [
    code,
    Number(exit),
  ]),
)

test('every error code is documented with its exit status, and nothing else is', () => {
  const catalog = new Map(Object.entries(ERROR_CATALOG).map(([code, {exit}]) => [code, exit]))
  expect(Object.fromEntries(sections)).toEqual(Object.fromEntries(catalog))
})
