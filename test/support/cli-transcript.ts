import {readFileSync} from 'node:fs'

/** One command of a recorded terminal session. */
export interface RecordedCommand {
  readonly command: string
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** Recordings of genuine programs, beside the repository where they are available. */
const GOLDEN = new URL('../../../shared/golden/', import.meta.url)

/** Reads a file of the recordings. */
export function readGolden(path: string): string {
  return readFileSync(new URL(path, GOLDEN), 'utf8')
}

/** Splits a transcript into its commands, in order. */
export function parseTranscript(text: string): RecordedCommand[] {
  const command = /^\$ (.*)\n--- stdout\n([^]*?)(?:--- stderr\n([^]*?))?--- exit (\d+) .*$/gm
  return [...text.matchAll(command)].map(([, line = '', stdout = '', stderr = '', exit = '0']) => ({
    command: line,
    stdout,
    stderr,
    exitCode: Number(exit),
  }))
}
