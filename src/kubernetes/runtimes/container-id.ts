import {randomBytes} from 'node:crypto'

/** A new container id of a runtime: `process://` and 64 hexadecimal digits. */
export function newContainerId(runtime: string): string {
  return `${runtime}://${randomBytes(32).toString('hex')}`
}
