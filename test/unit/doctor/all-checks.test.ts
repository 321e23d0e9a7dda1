import {globSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {ALL_CHECKS} from '../../../src/doctor/all-checks.ts'

const SRC = fileURLToPath(new URL('../../../src', import.meta.url))
const ids = ALL_CHECKS.map(({id}) => id)
const categories = ALL_CHECKS.map(({category}) => category)

describe('the checks', () => {
  test('have ids of their own, which are no categories, so that --only is never ambiguous', () => {
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
      expect(categories).not.toContain(id)
    }
  })

  test('say what they read', () => {
    expect(ALL_CHECKS.filter(({reads}) => reads.length === 0)).toEqual([])
  })

  test('are the ones that hints name', () => {
    const texts = globSync('**/*.ts', {cwd: SRC}).map((file) =>
      readFileSync(`${SRC}/${file}`, 'utf8'),
    )
    const named = texts.flatMap((text) =>
      [...text.matchAll(/kntool doctor --only ([a-z,-]+)/g)].flatMap(([, list = '']) =>
        list.split(','),
      ),
    )
    expect(named.length).toBeGreaterThan(5)
    for (const name of named) expect([...ids, ...categories]).toContain(name)
  })
})
