/** Files and standard input that flags name. */
import type {Container} from '../api/core/v1.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {readTextFile} from '../util/read-text-file.ts'
import {withoutByteOrderMark} from '../util/text-file.ts'

/** The text of a file, or of standard input for `-`. `flag` is who asks, for the error. */
export async function readInput(path: string, flag: string): Promise<string> {
  if (path === '-') return readStandardInput()
  try {
    return await readTextFile(path)
  } catch (cause) {
    const {code} = cause as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'no such file or directory' : (cause as Error).message
    throw new KntoolError('KN_USAGE', `Invalid ${flag}: open ${path}: ${reason}`, {cause})
  }
}

/** The documents of a YAML or JSON text that are not empty. `what` names the text in errors. */
export async function parseDocuments(text: string, what: string): Promise<unknown[]> {
  // Imported on use: most commands read no YAML.
  const {readYamlDocuments} = await import('../util/yaml/read-yaml.ts')
  const {YamlError} = await import('../util/yaml/yaml-error.ts')
  try {
    return readYamlDocuments(text).flatMap(({value}) => (value === null ? [] : [value]))
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause
    throw new KntoolError('KN_USAGE', `${what} is not valid YAML: ${cause.message}.`, {cause})
  }
}

/** The `containers` of the pod spec in a file, or in standard input for `-`. */
export async function parseContainers(path: string): Promise<Container[]> {
  const text = await readInput(path, '--containers')
  return parsePodSpec(text, path === '-' ? 'The standard input' : path)
}

/** The `containers` of a pod spec. `source` names the text in errors. */
export async function parsePodSpec(text: string, source: string): Promise<Container[]> {
  const [document] = await parseDocuments(text, source)
  const containers = (document as {containers?: unknown} | undefined)?.containers
  if (Array.isArray(containers)) return containers as Container[]
  throw new KntoolError('KN_USAGE', `${source} has no list "containers", as a pod spec has.`)
}

/** All of standard input; nothing if it is closed. */
export async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk)
  return withoutByteOrderMark(Buffer.concat(chunks).toString('utf8'))
}

/** The first document of a file, as a Service to begin with. */
export async function readServiceDocument(path: string): Promise<unknown> {
  const source = path === '-' ? 'The standard input' : path
  const [document] = await parseDocuments(await readInput(path, '--filename'), source)
  if (document !== undefined) return document
  throw new KntoolError('KN_USAGE', `Invalid --filename: ${source} is empty.`)
}
