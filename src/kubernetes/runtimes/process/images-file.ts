import {dirname, isAbsolute, resolve} from 'node:path'
import {KntoolError} from '../../../errors/kntool-error.ts'
import {FileRefusal, readTextFile} from '../../../util/read-text-file.ts'
import {decodeDocument} from '../../../util/yaml/decode.ts'
import {type MappingField, mappingFields, targetOf} from '../../../util/yaml/mapping-fields.ts'
import {type MappingNode, parseNodes, type YamlNode} from '../../../util/yaml/nodes.ts'
import {resolvePlain} from '../../../util/yaml/scalars.ts'
import {YamlError} from '../../../util/yaml/yaml-error.ts'
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
    text = await readTextFile(path)
  } catch (error) {
    const why = error instanceof FileRefusal ? `: ${error.message}` : ''
    throw new KntoolError('KN_NOT_FOUND', `The images file "${path}" cannot be read${why}.`, {
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
  const reader = new FieldReader(path)
  const root = reader.root(text)
  if (root === undefined || reader.isNull(root)) return {path, images: []}
  if (root.kind !== 'mapping') {
    throw reader.invalid('', 'must be a map with the field "images"', root.line)
  }
  const list = reader.fields(root, '', ['images']).get('images')?.value
  if (list === undefined || reader.isNull(list)) return {path, images: []}
  if (list.kind !== 'sequence') throw reader.invalid('images', 'must be a list', list.line)
  const base = dirname(resolve(path))
  return {
    path,
    images: list.items.map((item, index) =>
      readMapping(reader, targetOf(item), `images[${index}]`, base),
    ),
  }
}

function readMapping(reader: FieldReader, item: YamlNode, at: string, base: string): ImageMapping {
  if (item.kind !== 'mapping') throw reader.invalid(at, 'must be a map', item.line)
  const fields = reader.fields(item, at, ['match', 'command', 'args', 'workingDir', 'env'])
  const field = (name: string): YamlNode | undefined => fields.get(name)?.value
  const match = reader.text(field('match'), `${at}.match`, item)
  if (match === '') {
    throw reader.invalid(`${at}.match`, 'must not be empty', (field('match') ?? item).line)
  }
  const command = reader.texts(field('command'), `${at}.command`)
  if (command.length === 0) throw reader.invalid(`${at}.command`, 'is required', item.line)
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

  constructor(path: string) {
    this.#path = path
  }

  /** What the file holds; undefined when it is empty. */
  root(text: string): YamlNode | undefined {
    try {
      const [root] = parseNodes(text)
      // Says what is wrong with the document as a whole: references without end, doubled keys.
      const [twice] = root === undefined ? [] : decodeDocument(root).duplicates
      if (twice === undefined) return root
      throw this.invalid(twice.key, 'stands there twice', twice.line)
    } catch (error) {
      if (!(error instanceof YamlError)) throw error
      throw this.invalid('', `is no YAML: ${error.problem}`, error.line)
    }
  }

  /** Whether a field stands there without a value. */
  isNull(node: YamlNode): boolean {
    return node.kind === 'scalar' && node.isPlain && resolvePlain(node.text).value === null
  }

  fields(node: MappingNode, at: string, known: readonly string[]): Map<string, MappingField> {
    const fields = mappingFields(node)
    for (const [name, {key}] of fields) {
      if (known.includes(name)) continue
      const field = at === '' ? name : `${at}.${name}`
      const problem = `is no field of an images file (known: ${known.join(', ')})`
      throw this.invalid(field, problem, key.line)
    }
    return fields
  }

  text(node: YamlNode | undefined, at: string, parent: YamlNode): string {
    if (node === undefined) throw this.invalid(at, 'is required', parent.line)
    // Numbers and booleans are meant as they are written.
    if (node.kind === 'scalar' && !this.isNull(node)) return node.text
    throw this.invalid(at, 'must be a text', node.line)
  }

  texts(node: YamlNode | undefined, at: string): string[] {
    if (node === undefined) return []
    if (node.kind !== 'sequence') return [this.text(node, at, node)]
    return node.items.map((item, index) => this.text(targetOf(item), `${at}[${index}]`, node))
  }

  textMap(node: YamlNode | undefined, at: string): Record<string, string> {
    if (node === undefined) return {}
    if (node.kind !== 'mapping') throw this.invalid(at, 'must be a map of texts', node.line)
    const texts = [...mappingFields(node)].map(
      ([name, {value}]) => [name, this.text(value, `${at}.${name}`, node)] as const,
    )
    return Object.fromEntries(texts)
  }

  invalid(at: string, problem: string, line: number | undefined): KntoolError {
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
