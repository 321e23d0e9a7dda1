import {fstatSync} from 'node:fs'
import type {Container} from '../api/core/v1.ts'
import {parsePodSpec, readStandardInput} from './input-files.ts'

/**
 * The containers that another command pipes in; none from a terminal, or when nothing comes.
 *
 * Differs from upstream: kn takes a closed standard input for an error.
 */
export async function readPipedContainers(): Promise<Container[]> {
  if (isTerminal()) return []
  const text = await readStandardInput()
  return text.trim() === '' ? [] : parsePodSpec(text, 'The standard input')
}

// A terminal and /dev/null are character devices; pipes, sockets and files are not.
function isTerminal(): boolean {
  const {fd} = process.stdin as {fd?: number}
  if (fd === undefined) return false
  try {
    return fstatSync(fd).isCharacterDevice()
  } catch {
    // Closed.
    return true
  }
}
