import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

/**
 * The folder of the installed package: where `templates/` is, whether this code
 * runs from sources or from the bundle.
 *
 * Throws when no folder above this file has `templates/`.
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'templates'))) {
    const above = dirname(folder)
    if (above === folder) throw new Error(`no templates above ${fileURLToPath(import.meta.url)}`)
    folder = above
  }
  return folder
}
