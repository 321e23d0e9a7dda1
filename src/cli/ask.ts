import {createInterface} from 'node:readline/promises'

/**
 * Asks a person at a terminal to agree. Without a terminal nobody can: the answer is no.
 *
 * The question goes to standard error, so that standard output stays the result.
 */
export async function askOnTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  process.stderr.write(question)
  const readline = createInterface({input: process.stdin, output: process.stderr})
  try {
    const answer = await readline.question('Go on? [y/N] ', {signal})
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    if (signal.aborted) return false
    throw error
  } finally {
    readline.close()
  }
}
