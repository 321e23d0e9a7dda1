import type {CommandTable} from '../command-table.ts'
import {collectCandidates} from './candidates.ts'
import {completionAt} from './cursor.ts'

/** How long a person waits for the Tab key. */
const TIMEOUT_MS = 1_500

/**
 * Answers a shell. `words` are the word at the cursor, with `=` in front so that it is never empty,
 * and the words before it, without the program.
 *
 * The answer has a line for each value, with a tab and its description if there is one, and a
 * directive such as `:files` in a line of its own. It is empty when anything goes wrong, or takes
 * too long.
 */
export async function complete(
  words: readonly string[],
  table: CommandTable,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const [current = '=', ...before] = words
  const place = completionAt(before, current.slice(1), table)
  if (place === undefined) return ''
  try {
    const found = collectCandidates(place, table, env)
    const {values, directive} = await Promise.race([found, givingUp()])
    const lines = values.map(({value, description}) =>
      description ? `${value}\t${description.replaceAll(/\s+/g, ' ')}` : value,
    )
    return [...lines, ...(directive === undefined ? [] : [`:${directive}`])]
      .map((line) => `${line}\n`)
      .join('')
  } catch {
    return ''
  }
}

function givingUp(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('too slow')), TIMEOUT_MS).unref()
  })
}
