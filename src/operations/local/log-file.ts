import {closeSync, openSync, renameSync, statSync, writeSync} from 'node:fs'
import {unusableFile} from '../../local/data-dir.ts'

const ROTATE_BYTES = 10 * 1024 * 1024

/** Appends the log lines of components to a file, as JSON with the component's name first. */
export interface LogFile {
  write(component: string, line: string): void
  close(): void
}

/** Opens a log file for appending; one that grew large is put aside first, as `<path>.1`. */
export function openLogFile(path: string): LogFile {
  if (sizeOf(path) > ROTATE_BYTES) renameSync(path, `${path}.1`)
  const file = openForAppending(path)
  return {
    write: (component, line) => void writeSync(file, `${withComponent(component, line)}\n`),
    close: () => closeSync(file),
  }
}

/** Opens a file for whoever adds to it. Throws `KN_DATA_DIR_UNUSABLE`. */
export function openForAppending(path: string): number {
  try {
    return openSync(path, 'a', 0o600)
  } catch (cause) {
    throw unusableFile(path, cause)
  }
}

function withComponent(component: string, line: string): string {
  const name = JSON.stringify(component)
  if (line.startsWith('{"')) return `{"component":${name},${line.slice(1)}`
  return JSON.stringify({component, message: line})
}

function sizeOf(path: string): number {
  return statSync(path, {throwIfNoEntry: false})?.size ?? 0
}
