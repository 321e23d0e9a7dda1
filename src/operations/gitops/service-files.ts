/** Services in files instead of a cluster: one file, or a folder per namespace. */
import {mkdir, readdir, rename, rm, stat, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import type {Service} from '../../api/serving/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {isJsonObject} from '../../util/json.ts'
import {FileRefusal, readTextFile} from '../../util/read-text-file.ts'
import {readYamlDocuments} from '../../util/yaml/read-yaml.ts'
import {YamlError} from '../../util/yaml/yaml-error.ts'

/** A Service as the text of a file. */
export type PrintService = (service: Service, format: 'yaml' | 'json') => string

/** Which Service. */
interface ServiceKey {
  readonly namespace: string
  readonly name: string
}

/**
 * Reads and writes the Services of a target, laid out as kn does:
 *
 * | target                        | a Service is in                  | format        |
 * |-------------------------------|----------------------------------|---------------|
 * | ends in .yaml, .yml or .json  | the target, the only one in it   | by its ending |
 * | anything else: a folder       | TARGET/NAMESPACE/ksvc/NAME.yaml  | YAML          |
 */
export class ServiceFiles {
  readonly #target: string
  readonly #print: PrintService

  constructor(target: string, print: PrintService) {
    this.#target = target
    this.#print = print
  }

  /** Whether the target is one file, which holds one Service. */
  get isFile(): boolean {
    return /\.(yaml|yml|json)$/.test(this.#target)
  }

  /** The Service of a name; undefined if there is none. Throws `KN_CONFIG_INVALID`. */
  async read(key: ServiceKey): Promise<Service | undefined> {
    const service = await readService(this.#path(key))
    return service?.metadata.name === key.name ? service : undefined
  }

  /** All Services, of one namespace or of every one. Throws `KN_NOT_FOUND` without a folder. */
  async readAll(namespace: string | undefined): Promise<Service[]> {
    const paths = this.isFile ? [this.#target] : await this.#listPaths(namespace)
    const services = await Promise.all(paths.map(readService))
    return services.filter((service) => service !== undefined)
  }

  /** Whether there is a file where a Service would be written, whatever is in it. */
  async exists(key: ServiceKey): Promise<boolean> {
    return isThere(this.#path(key))
  }

  /** Writes a Service; at no time is there half a file. Throws `KN_NOT_FOUND` without a folder. */
  async write(key: ServiceKey, service: Service): Promise<void> {
    if (!this.isFile && !(await isThere(this.#target))) throw this.#folderMissing()
    const path = this.#path(key)
    await mkdir(dirname(path), {recursive: true, mode: 0o755})
    const text = this.#print(service, path.endsWith('.json') ? 'json' : 'yaml')
    const unfinished = `${path}.${process.pid}.tmp`
    await writeFile(unfinished, text)
    await rename(unfinished, path)
  }

  /** Removes a Service. */
  async remove(key: ServiceKey): Promise<void> {
    await rm(this.#path(key))
  }

  #path({namespace, name}: ServiceKey): string {
    return this.isFile ? this.#target : join(this.#target, namespace, 'ksvc', `${name}.yaml`)
  }

  async #listPaths(namespace: string | undefined): Promise<string[]> {
    if (!(await isThere(this.#target))) throw this.#folderMissing()
    const root = namespace === undefined ? this.#target : join(this.#target, namespace)
    if (!(await isThere(root))) return []
    const files = await readdir(root, {recursive: true, withFileTypes: true})
    return files
      .filter((file) => !file.isDirectory() && file.name.endsWith('.yaml'))
      .map((file) => join(file.parentPath, file.name))
      .filter((path) => path.includes('ksvc'))
      .toSorted()
  }

  #folderMissing(): KntoolError {
    return new KntoolError(
      'KN_NOT_FOUND',
      `directory '${this.#target}' not present, please create the directory and try again`,
      {hint: `mkdir -p ${this.#target}`, details: {target: this.#target}},
    )
  }
}

async function readService(path: string): Promise<Service | undefined> {
  let text: string
  try {
    text = await readTextFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof FileRefusal) throw unreadable(path, error.message)
    throw error
  }
  const document = parseDocument(text, path)
  if (isService(document)) return document
  throw unreadable(path, 'it is not a Service of serving.knative.dev/v1')
}

function parseDocument(text: string, path: string): unknown {
  try {
    return readYamlDocuments(text)[0]?.value
  } catch (error) {
    if (error instanceof YamlError) throw unreadable(path, error.message)
    throw error
  }
}

function isService(document: unknown): document is Service {
  return (
    isJsonObject(document) &&
    document['kind'] === 'Service' &&
    document['apiVersion'] === 'serving.knative.dev/v1' &&
    isJsonObject(document['metadata']) &&
    isJsonObject(document['spec'])
  )
}

function unreadable(path: string, why: string): KntoolError {
  return new KntoolError('KN_CONFIG_INVALID', `${path} cannot be used: ${why}`, {details: {path}})
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
