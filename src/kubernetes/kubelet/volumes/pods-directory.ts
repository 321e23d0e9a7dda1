import {mkdir, mkdtemp} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {removeTree} from '../../../util/remove-tree.ts'

/** Where the files of pods are, readable for the user alone. Made when the first pod needs it. */
export class PodsDirectory {
  readonly #wanted: string | undefined
  #path: Promise<string> | undefined

  /** `path`: emptied before its first use; a temporary one without it. */
  constructor(path: string | undefined) {
    this.#wanted = path
  }

  /** The path of the directory, which is there when this resolves. */
  path(): Promise<string> {
    this.#path ??= this.#make()
    return this.#path
  }

  /** Removes what a killed run left behind. */
  async cleanUp(): Promise<void> {
    if (this.#wanted !== undefined) await removeTree(this.#wanted)
  }

  /** Removes everything. */
  async remove(): Promise<void> {
    if (this.#path !== undefined) await removeTree(await this.#path)
    this.#path = undefined
  }

  async #make(): Promise<string> {
    if (this.#wanted === undefined) return mkdtemp(join(tmpdir(), 'kntool-pods-'))
    await mkdir(this.#wanted, {recursive: true, mode: 0o700})
    return this.#wanted
  }
}
