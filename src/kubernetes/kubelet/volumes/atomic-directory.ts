import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import {dirname, isAbsolute, join} from 'node:path'
import {type VolumeFile, type VolumeFiles, VolumeError} from './collect-files.ts'

/** The link to the files that count. */
const DATA = '..data'
/** The name of a directory with files. */
const OWN_NAME = /^\.\.\d[\w.-]+$/

/**
 * Makes a directory show `files`, all of them at once: whoever reads sees the old ones or the new
 * ones, never both.
 *
 * ```
 * directory/key               → ..data/key
 * directory/..data            → ..2026_11_22_20_00_00.AbCdEf
 * directory/..2026_…/key
 * ```
 *
 * Counterpart of kubernetes `pkg/volume/util.AtomicWriter`.
 */
export async function showFiles(
  directory: string,
  files: VolumeFiles,
  nowMs: number,
): Promise<void> {
  for (const path of files.keys()) checkPath(path)
  const before = await readlink(join(directory, DATA)).catch(() => undefined)
  const fresh = await mkdtemp(join(directory, `..${stamp(nowMs)}.`))
  await chmod(fresh, 0o755)
  for (const [path, file] of files) await writeOne(join(fresh, path), file)
  const next = join(directory, '..data_tmp')
  await rm(next, {force: true})
  await symlink(fresh.slice(directory.length + 1), next)
  await rename(next, join(directory, DATA))
  await linkNames(directory, new Set([...files.keys()].map((path) => path.split('/')[0] ?? '')))
  // The link may lead anywhere by now: a program that may write here could have replaced it.
  if (before !== undefined && OWN_NAME.test(before)) {
    await rm(join(directory, before), {recursive: true, force: true})
  }
}

/** The names that people see; the link they go through decides what is behind them. */
async function linkNames(directory: string, names: ReadonlySet<string>): Promise<void> {
  const present = await namesIn(directory)
  for (const name of names) {
    if (!present.has(name)) await symlink(join(DATA, name), join(directory, name))
  }
  for (const name of present) {
    if (!names.has(name)) await rm(join(directory, name), {recursive: true, force: true})
  }
}

/** The names that were linked before; what somebody else put here is left alone. */
async function namesIn(directory: string): Promise<Set<string>> {
  const names = new Set<string>()
  for (const name of await readdir(directory)) {
    const target = await readlink(join(directory, name)).catch(() => undefined)
    if (target === join(DATA, name)) names.add(name)
  }
  return names
}

async function writeOne(path: string, {content, mode}: VolumeFile): Promise<void> {
  await mkdir(dirname(path), {recursive: true, mode: 0o755})
  await writeFile(path, content)
  // The mode of a new file is cut by the umask.
  await chmod(path, mode)
}

function checkPath(path: string): void {
  const parts = path.split('/')
  if (path === '' || isAbsolute(path))
    throw new VolumeError(`invalid path: must be relative: ${path}`)
  if (parts.includes('..')) throw new VolumeError(`invalid path: must not contain '..': ${path}`)
  if (path.startsWith('..'))
    throw new VolumeError(`invalid path: must not start with '..': ${path}`)
}

function stamp(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-T:]/g, '_')
}
