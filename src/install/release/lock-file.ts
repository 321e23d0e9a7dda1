/** What was fetched, so that a file that changed later is noticed. */
import {createHash} from 'node:crypto'
import {join} from 'node:path'
import {KntoolError} from '../../errors/kntool-error.ts'
import {isJsonObject} from '../../util/json.ts'
import {FileRefusal, readTextFile} from '../../util/read-text-file.ts'

/** The name of the lock file beside the files it describes. */
export const LOCK_FILE = 'kntool-manifests.lock.json'

/** One file of a lock. */
export interface LockedFile {
  readonly url: string
  readonly sha256: string
  readonly bytes: number
}

/** The files of one release, by their names with the ending. */
export interface ManifestLock {
  readonly version: 1
  readonly knative: string
  readonly files: Readonly<Record<string, LockedFile>>
}

/** The digest of a text, as `sha256sum` prints it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Reads the lock of a folder; undefined if there is none. Throws `KN_CONFIG_INVALID`. */
export async function readLock(folder: string): Promise<ManifestLock | undefined> {
  const path = join(folder, LOCK_FILE)
  const text = await readTextFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    if (error instanceof FileRefusal) throw unreadable(path, `: ${error.message}`)
    throw error
  })
  if (text === undefined) return undefined
  const lock = parseLock(text)
  if (lock === undefined) throw unreadable(path)
  return lock
}

function parseLock(text: string): ManifestLock | undefined {
  let lock: unknown
  try {
    lock = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isJsonObject(lock) || lock['version'] !== 1 || !isJsonObject(lock['files'])) return undefined
  const isWhole = Object.values(lock['files']).every(
    (file) => isJsonObject(file) && typeof file['sha256'] === 'string',
  )
  return isWhole ? (lock as unknown as ManifestLock) : undefined
}

function unreadable(path: string, why = ''): KntoolError {
  return new KntoolError('KN_CONFIG_INVALID', `The lock file ${path} cannot be read${why}.`, {
    hint: 'Remove the lock file and run again: the files are fetched anew.',
  })
}

/** Throws `KN_CONFIG_INVALID` if a file is not the one that was locked; without an entry all is fine. */
export function checkLocked(
  lock: ManifestLock | undefined,
  file: string,
  text: string,
  where: string,
): void {
  const files = lock?.files ?? {}
  const locked = Object.hasOwn(files, file) ? files[file] : undefined
  if (locked === undefined) return
  const actual = sha256(text)
  if (actual === locked.sha256) return
  throw new KntoolError(
    'KN_CONFIG_INVALID',
    `The manifest ${where} was altered: its sha256 is ${actual}, the lock file says ${locked.sha256}.`,
    {
      hint: 'Remove the entry from the lock file and run again: it is fetched anew.',
      details: {file: where, actual, expected: locked.sha256},
    },
  )
}
