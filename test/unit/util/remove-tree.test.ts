import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {removeTree} from '../../../src/util/remove-tree.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kntool-tree-'))
})
afterEach(() => rmSync(directory, {recursive: true, force: true}))

test('a tree is removed although a program closed its directories', async () => {
  const tree = join(directory, 'tree')
  mkdirSync(join(tree, 'closed', 'inner'), {recursive: true})
  writeFileSync(join(tree, 'closed', 'inner', 'file'), '')
  chmodSync(join(tree, 'closed', 'inner'), 0)
  chmodSync(join(tree, 'closed'), 0)
  await removeTree(tree)
  expect(existsSync(tree)).toBe(false)
})

test('a link is removed, and what it leads to stays', async () => {
  const outside = join(directory, 'outside')
  mkdirSync(outside)
  mkdirSync(join(directory, 'tree'))
  symlinkSync(outside, join(directory, 'tree', 'link'))
  await removeTree(join(directory, 'tree'))
  expect(existsSync(outside)).toBe(true)
})

test('a tree that is not there is fine', async () => {
  await expect(removeTree(join(directory, 'missing'))).resolves.toBeUndefined()
})
