import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {ALL_CHECKS} from '../../src/doctor/all-checks.ts'

test('every check of the doctor is documented with what it reads, and nothing else is', () => {
  const rows = readFileSync('docs/doctor.md', 'utf8')
    .split('\n')
    .filter((line) => line.includes('<a id='))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const documented = rows.map(([, id = '', category, title, reads, mark]) => ({
    id: /id="([^"]+)"/.exec(id)?.[1],
    category,
    title,
    reads,
    beforeInstall: mark === '●',
  }))
  expect(documented).toEqual(
    ALL_CHECKS.map(({id, category, title, reads, beforeInstall}) => ({
      id,
      category,
      title,
      reads: reads.join(', '),
      beforeInstall,
    })),
  )
})
