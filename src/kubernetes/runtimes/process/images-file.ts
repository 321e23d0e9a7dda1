import {withoutByteOrderMark} from '../../../util/text-file.ts'
import {readFile} from 'node:fs/promises'
import {dirname, isAbsolute, resolve} from 'node:path'
import {isMap, isScalar, isSeq, LineCounter, parseDocument, type Node} from 'yaml'
import {KntoolError} from '../../../errors/kntool-error.ts'
import {matchesImage} from '../image-name.ts'

/** What runs on this machine in the place of an image. */
export interface ImageMapping {
  /** Glob over image names. */
  readonly match: string
  /** The program and its fixed arguments: what the image's ENTRYPOINT would be. */
  readonly command: readonly string[]
  /** What the image's CMD would be. */
  readonly args: readonly string[]
  /** Absolute. */
  readonly workingDir: string
  readonly env: Readonly<Record<string, string>>
}

/** The mappings of one images file. */
export interface ImagesFile {
  readonly path: string
  readonly images: readonly ImageMapping[]
}

/** Reads an images file. Throws `KN_NOT_FOUND` or `KN_CONFIG_INVALID`. */
export async function readImagesFile(path: string): Promise<ImagesFile> {
  let text: string
  try {
    text = withoutByteOrderMark(await readFile(path, 'utf8'))
  } catch (error) {
    throw new KntoolError('KN_NOT_FOUND', `The images file "${path}" cannot be read.`, {
      hint: 'Name a file that exists, or leave the flag out.',
      cause: error,
    })
  }
  return parseImagesFile(path, text)
}

/**
 * Parses the text of an images file. Relative working directories are relative to the file.
 *
 * Throws `KN_CONFIG_INVALID` with the path of the field and its line.
 */
export function parseImagesFile(path: string, text: string): ImagesFile {
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines})
  const reader = new FieldReader(path, lines)
  const [error] = document.errors
  if (error !== undefined) {
    throw reader.invalid('', error.message.split('\n')[0] ?? error.message, error.pos[0])
  }
  const root = document.contents
  if (root === null || isNull(root)) return {path, images: []}
  if (!isMap(root)) throw reader.invalid('', 'must be a map with the field "images"', root)
  reader.refuseUnknown(root, '', ['images'])
  const list = root.get('images', true) as Node | undefined
  if (list === undefined || isNull(list)) return {path, images: []}
  if (!isSeq(list)) throw reader.invalid('images', 'must be a list', list)
  const base = dirname(resolve(path))
  return {
    path,
    images: list.items.map((item, index) =>
      readMapping(reader, item as Node, `images[${index}]`, base),
    ),
  }
}

/** A field that stands there without a value. */
function isNull(node: Node): boolean {
  return isScalar(node) && node.value === null
}

function readMapping(reader: FieldReader, item: Node, at: string, base: string): ImageMapping {
  if (!isMap(item)) throw reader.invalid(at, 'must be a map', item)
  reader.refuseUnknown(item, at, ['match', 'command', 'args', 'workingDir', 'env'])
  const field = (name: string): Node | undefined => item.get(name, true) as Node | undefined
  const match = reader.text(field('match'), `${at}.match`, item)
  if (match === '') throw reader.invalid(`${at}.match`, 'must not be empty', field('match') ?? item)
  const command = reader.texts(field('command'), `${at}.command`)
  if (command.length === 0) throw reader.invalid(`${at}.command`, 'is required', item)
  const workingDir = field('workingDir')
  const directory =
    workingDir === undefined ? '.' : reader.text(workingDir, `${at}.workingDir`, item)
  return {
    match,
    command,
    args: reader.texts(field('args'), `${at}.args`),
    workingDir: isAbsolute(directory) ? directory : resolve(base, directory),
    env: reader.textMap(field('env'), `${at}.env`),
  }
}

/** The first mapping, file by file, that means `image`. */
export function findMapping(
  files: readonly ImagesFile[],
  image: string,
): {mapping: ImageMapping; file: ImagesFile} | undefined {
  for (const file of files) {
    const mapping = file.images.find(({match}) => matchesImage(match, image))
    if (mapping !== undefined) return {mapping, file}
  }
  return undefined
}

class FieldReader {
  readonly #path: string
  readonly #lines: LineCounter

  constructor(path: string, lines: LineCounter) {
    this.#path = path
    this.#lines = lines
  }

  text(node: Node | undefined, at: string, parent: Node): string {
    if (node === undefined) throw this.invalid(at, 'is required', parent)
    // Numbers and booleans are meant as they are written.
    const value: unknown = isScalar(node) ? node.value : undefined
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') {
      return (isScalar(node) ? node.source : undefined) ?? `${value}`
    }
    throw this.invalid(at, 'must be a text', node)
  }

  texts(node: Node | undefined, at: string): string[] {
    if (node === undefined) return []
    if (!isSeq(node)) return [this.text(node, at, node)]
    return node.items.map((item, index) => this.text(item as Node, `${at}[${index}]`, node))
  }

  textMap(node: Node | undefined, at: string): Record<string, string> {
    if (node === undefined) return {}
    if (!isMap(node)) throw this.invalid(at, 'must be a map of texts', node)
    const result: Record<string, string> = {}
    for (const {key, value} of node.items) {
      const name = String(isScalar(key) ? key.value : key)
      result[name] = this.text(value as Node, `${at}.${name}`, node)
    }
    return result
  }

  refuseUnknown(node: Node, at: string, known: readonly string[]): void {
    if (!isMap(node)) return
    for (const {key} of node.items) {
      const name = String(isScalar(key) ? key.value : key)
      if (known.includes(name)) continue
      const field = at === '' ? name : `${at}.${name}`
      throw this.invalid(
        field,
        `is no field of an images file (known: ${known.join(', ')})`,
        key as Node,
      )
    }
  }

  invalid(at: string, problem: string, where: Node | number): KntoolError {
    const offset = typeof where === 'number' ? where : where.range?.[0]
    const line = offset === undefined ? undefined : this.#lines.linePos(offset).line
    const place = line === undefined ? this.#path : `${this.#path}:${line}`
    const subject = at === '' ? 'it' : at
    return new KntoolError(
      'KN_CONFIG_INVALID',
      `The images file ${place} is not valid: ${subject} ${problem}.`,
      {
        hint: 'An entry has a "match" (an image pattern) and a "command"; "args", "workingDir" and "env" are optional.',
        details: {path: this.#path, field: at, ...(line !== undefined && {line})},
      },
    )
  }
}
