import {closeSync, openSync, renameSync, statSync, writeSync} from 'node:fs'

const ROTATE_BYTES = 10 * 1024 * 1024

/** Appends the log lines of components to a file, as JSON with the component's name first. */
export interface LogFile {
  write(component: string, line: string): void
  close(): void
}

/** Opens a log file for appending; one that grew large is put aside first, as `<path>.1`. */
export function openLogFile(path: string): LogFile {
  if (sizeOf(path) > ROTATE_BYTES) renameSync(path, `${path}.1`)
  const file = openSync(path, 'a', 0o600)
  return {
    write: (component, line) => void writeSync(file, `${withComponent(component, line)}\n`),
    close: () => closeSync(file),
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
