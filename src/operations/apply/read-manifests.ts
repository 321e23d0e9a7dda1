import {readdir, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {KntoolError} from '../../errors/kntool-error.ts'
import {messageOf} from '../../util/message-of.ts'
import {readTextFile} from '../../util/read-text-file.ts'
import {type ManifestDocument, parseManifest} from './manifest-document.ts'

/** Which manifests to read. */
export interface ManifestSources {
  /** Files, folders, and `-` for standard input. */
  readonly paths: readonly string[]
  /** Also the folders within folders. */
  readonly recursive: boolean
  readonly readStandardInput: () => Promise<string>
}

const EXTENSIONS = ['.yaml', '.yml', '.json']

/**
 * Reads all documents, files of a folder by their names.
 *
 * Throws `KN_USAGE` when something cannot be read or has no document at all.
 */
export async function readManifests(sources: ManifestSources): Promise<ManifestDocument[]> {
  const documents: ManifestDocument[] = []
  for (const path of sources.paths) {
    for (const file of path === '-' ? ['-'] : await filesOf(path, sources.recursive)) {
      const isInput = file === '-'
      const text = isInput ? await sources.readStandardInput() : await read(file)
      const name = isInput ? 'standard input' : file
      const found = await parseManifest(text, name)
      if (found.length === 0) throw invalidFile(name, 'it has no document')
      documents.push(...found)
    }
  }
  return documents
}

async function filesOf(path: string, recursive: boolean): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw invalidFile(path, reasonOf(error), error)
  })
  if (!found.isDirectory()) return [path]
  const entries = await readdir(path, {withFileTypes: true, recursive})
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map(({parentPath, name}) => join(parentPath, name))
    .filter((name) => EXTENSIONS.some((extension) => name.endsWith(extension)))
    .toSorted()
  if (files.length > 0) return files
  throw invalidFile(path, `it has no file that ends in ${EXTENSIONS.join(', ')}`)
}

async function read(file: string): Promise<string> {
  try {
    return await readTextFile(file)
  } catch (error) {
    throw invalidFile(file, reasonOf(error), error)
  }
}

function invalidFile(file: string, problem: string, cause?: unknown): KntoolError {
  return new KntoolError('KN_USAGE', `Invalid --filename: ${file}: ${problem}`, {
    details: {file, field: '--filename'},
    ...(cause !== undefined && {cause}),
  })
}

function reasonOf(error: unknown): string {
  const {code} = error as NodeJS.ErrnoException
  return code === 'ENOENT' ? 'no such file or directory' : messageOf(error)
}
