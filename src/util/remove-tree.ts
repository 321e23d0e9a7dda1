import {chmod, readdir, rm} from 'node:fs/promises'
import {join} from 'node:path'

/**
 * Removes a directory with all that is in it, also what a program made unreadable for its own user;
 * one that is not there is fine. Links are removed, never followed.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, {recursive: true, force: true})
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    await openDirectories(path)
    await rm(path, {recursive: true, force: true})
  }
}

async function openDirectories(path: string): Promise<void> {
  await chmod(path, 0o700)
  for (const entry of await readdir(path, {withFileTypes: true})) {
    if (entry.isDirectory()) await openDirectories(join(path, entry.name))
  }
}
