import {constants, type Stats} from 'node:fs'
import {open, stat} from 'node:fs/promises'
import {Socket} from 'node:net'
import {withoutByteOrderMark} from './text-file.ts'

/** More than any file of objects has, and less than a text can hold. */
const MAX_BYTES = 64 * 1024 * 1024

/** A file that is there and will not be read. The message completes "PATH: …". */
export class FileRefusal extends Error {
  override readonly name = 'FileRefusal'
}

/**
 * The text of a file that somebody named, without a byte order mark.
 *
 * Only of a regular file, of `/dev/null`, or of a pipe that the shell hands over (`-f <(command)`): to open
 * another pipe or a device may never return, and would keep the process from ending on a signal. Throws a
 * {@link FileRefusal} for these and for what is too large, and what `open` and `read` throw.
 */
export async function readTextFile(path: string): Promise<string> {
  // What people name to say "nothing", for a kubeconfig above all.
  if (path === '/dev/null') return ''
  const found = await stat(path)
  if (isHandedOver(path) && (found.isFIFO() || found.isSocket())) return readPipe(path)
  refuseOthers(found)
  // Without blocking: what was a file a moment ago may be a pipe by now.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    refuseOthers(await file.stat())
    return withoutByteOrderMark(await file.readFile('utf8'))
  } finally {
    await file.close()
  }
}

/** Whether a path is one of the process's own open files. */
function isHandedOver(path: string): boolean {
  return /^\/(dev|proc\/self)\/(fd\/\d+|stdin)$/.test(path)
}

function refuseOthers(found: Stats): void {
  const kind = kindOf(found)
  if (kind !== undefined) throw new FileRefusal(`it is ${kind}, not a file`)
  if (found.size > MAX_BYTES) {
    const size = Math.ceil(found.size / 1024 / 1024)
    throw new FileRefusal(`it has ${size} MiB; files of up to ${MAX_BYTES / 1024 / 1024} are read`)
  }
}

function kindOf(found: Stats): string | undefined {
  if (found.isFile()) return undefined
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a named pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

async function readPipe(path: string): Promise<string> {
  const {fd} = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of new Socket({fd, readable: true, writable: false})) {
    chunks.push(chunk as Buffer)
    bytes += (chunk as Buffer).length
    if (bytes > MAX_BYTES) throw new FileRefusal('what comes out of it is too much')
  }
  return withoutByteOrderMark(Buffer.concat(chunks).toString('utf8'))
}
