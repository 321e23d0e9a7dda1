import {createInterface} from 'node:readline/promises'
import {KntoolError} from '../errors/kntool-error.ts'

/** Where a question is asked. */
export interface AskStreams {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
}

/**
 * Asks a person at a terminal to agree. Without a terminal nobody can: the answer is no, as it is at
 * the end of the input. Throws `KN_INTERRUPTED` at Ctrl-C.
 *
 * The question goes to standard error, so that standard output stays the result.
 */
export async function askOnTerminal(
  question: string,
  signal: AbortSignal,
  {input, output}: AskStreams = {input: process.stdin, output: process.stderr},
): Promise<boolean> {
  if (!input.isTTY || !output.isTTY) return false
  output.write(question)
  const readline = createInterface({input, output})
  const ended = new Promise<undefined>((resolve) => {
    readline.once('close', () => resolve(undefined))
  })
  const interruption = new Promise<never>((_resolve, reject) => {
    // While it reads keys one by one, the terminal makes no signal of Ctrl-C.
    readline.once('SIGINT', () => reject(interrupted()))
  })
  let answer: string | undefined
  try {
    const given = readline.question('Go on? [y/N] ', {signal})
    answer = await Promise.race([given, ended, interruption])
    return /^y(es)?$/i.test(answer?.trim() ?? '')
  } catch (error) {
    throw signal.aborted ? interrupted(error) : error
  } finally {
    // Only an answer has ended its line.
    if (answer === undefined) output.write('\n')
    readline.close()
  }
}

function interrupted(cause?: unknown): KntoolError {
  return new KntoolError('KN_INTERRUPTED', 'Interrupted at the question: nothing was changed.', {
    ...(cause !== undefined && {cause}),
  })
}
