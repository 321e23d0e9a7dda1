import {mkdir, realpath} from 'node:fs/promises'
import {basename, dirname, sep} from 'node:path'

/**
 * The real path of a file or directory below `root`, made as a directory where it is missing;
 * undefined where `path` leads out of `root`, by `..` or by a link. Nothing is made outside.
 *
 * `root` must be a real path (`realpath`). Rejects with the system's error where nothing can be made.
 */
export async function makeInside(
  path: string,
  root: string,
  mode = 0o750,
): Promise<string | undefined> {
  const found = await realpath(path).catch(() => undefined)
  if (found !== undefined) return found === root || found.startsWith(root + sep) ? found : undefined
  // A link on the way could lead out: nothing is made before that is known.
  const parent = await makeInside(dirname(path), root, mode)
  if (parent === undefined) return undefined
  const made = `${parent}${sep}${basename(path)}`
  // Somebody else may be making the same one.
  await mkdir(made, {recursive: true, mode})
  return made
}
