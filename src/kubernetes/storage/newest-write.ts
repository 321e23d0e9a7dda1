import {fdatasyncSync, openSync, readFileSync, renameSync, writeFileSync, writeSync} from 'node:fs'
import {isDeepStrictEqual} from 'node:util'
import {crc32} from 'node:zlib'

/** The newest acknowledged write, and what was stored after it: {@link StoredChecksum}. */
export interface NewestWrite {
  readonly revision: number
  readonly checksum: number
}

const MARK = 'kntool'
/** A fixed length, so that a write replaces all of the one before, in one sector of a disk. */
const BYTES = 64

/** Where the newest write of a database is noted. */
export function newestWritePath(database: string): string {
  return `${database}-newest`
}

/** Reads the note at `path`; throws what the file system throws, but for a file that is not there. */
export function readNewestWrite(path: string): NewestWrite | 'absent' | 'damaged' {
  let text: string
  try {
    text = readFileSync(path, 'latin1')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent'
    throw error
  }
  const match = /^(kntool (\d+) (\d+)) (\d+) *\n$/.exec(text)
  if (match === null || text.length !== BYTES) return 'damaged'
  if (crc32(match[1] ?? '') !== Number(match[4])) return 'damaged'
  return {revision: Number(match[2]), checksum: Number(match[3])}
}

/**
 * Notes the newest acknowledged write beside the database.
 *
 * SQLite reads its write-ahead log up to the first damage and takes the rest for never written, as it
 * must after a crash. This note is what tells the two apart.
 */
export class NewestWriteFile {
  /** Stays open: whoever brings it onto the disk closes it. */
  readonly descriptor: number

  private constructor(descriptor: number) {
    this.descriptor = descriptor
  }

  /** Opens the note, which says `newest`. It is written, all of it or nothing, unless it does so. */
  static open(path: string, newest: NewestWrite, found: NewestWrite | string): NewestWriteFile {
    if (!isDeepStrictEqual(found, newest)) NewestWriteFile.#replace(path, newest)
    return new NewestWriteFile(openSync(path, 'r+'))
  }

  static #replace(path: string, newest: NewestWrite): void {
    const temporary = `${path}.new`
    writeFileSync(temporary, encode(newest), {mode: 0o600, flush: true})
    renameSync(temporary, path)
  }

  write(newest: NewestWrite): void {
    writeSync(this.descriptor, encode(newest), 0, BYTES, 0)
  }

  /** Brings the note onto the disk before it returns. */
  sync(): void {
    fdatasyncSync(this.descriptor)
  }
}

function encode({revision, checksum}: NewestWrite): Buffer {
  const text = `${MARK} ${revision} ${checksum}`
  return Buffer.from(`${text} ${crc32(text)}`.padEnd(BYTES - 1) + '\n', 'latin1')
}
