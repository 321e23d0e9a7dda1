import type {KubeObject} from '../api/meta/object.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {readYaml, readYamlDocuments} from '../util/yaml/read-yaml.ts'
import {YamlError} from '../util/yaml/yaml-error.ts'

/** YAML documents that were read before, by their text: files of one release repeat each other. */
export type KnownDocuments = Map<string, unknown>

/**
 * Reads the objects of one YAML text. They may be those of an earlier text: nobody changes them.
 *
 * @param where how messages name the text.
 */
export function parseManifest(
  text: string,
  where: string,
  known: KnownDocuments = new Map(),
): KubeObject[] {
  const objects: KubeObject[] = []
  for (const [index, value] of (readDocuments(text, known) ?? readAll(text, where)).entries()) {
    if (value === null || value === undefined) continue
    if (!isKubeObject(value)) {
      throw invalid(where, `document ${index + 1} has no apiVersion, kind or metadata.name`)
    }
    objects.push(value)
  }
  if (objects.length === 0) throw invalid(where, 'it holds no Kubernetes object')
  return objects
}

const DOCUMENT_START = /^---(?=\s|$)/m
/** What says something about the documents that follow, so that none can be read alone. */
const DIRECTIVE_OR_END = /^(%|\.\.\.)/m

/** Reads the documents one by one; undefined if that is not possible, or if one is not YAML. */
function readDocuments(text: string, known: KnownDocuments): unknown[] | undefined {
  if (DIRECTIVE_OR_END.test(text)) return undefined
  const [before = '', ...documents] = text.split(DOCUMENT_START)
  // Without anything but comments before the first mark, that is no document of its own.
  if (/^\s*[^#\s]/m.test(before)) documents.unshift(before)
  const values: unknown[] = []
  for (const document of documents) {
    if (!known.has(document)) {
      try {
        known.set(document, readYaml(document))
      } catch (error) {
        if (error instanceof YamlError) return undefined
        throw error
      }
    }
    values.push(known.get(document))
  }
  return values
}

/** Reads all documents, with messages that name the line of the whole text. */
function readAll(text: string, where: string): unknown[] {
  try {
    return readYamlDocuments(text).map(({value}) => value)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw invalid(where, `document ${error.document} is not YAML: ${error.message}`)
  }
}

function invalid(where: string, why: string): KntoolError {
  return new KntoolError('KN_CONFIG_INVALID', `The manifest ${where} cannot be used: ${why}.`)
}

function isKubeObject(value: unknown): value is KubeObject {
  const object = value as Partial<KubeObject> | null
  return (
    typeof object === 'object' &&
    object !== null &&
    typeof object.apiVersion === 'string' &&
    typeof object.kind === 'string' &&
    // Jobs of a release get their names from the server.
    (typeof object.metadata?.name === 'string' || typeof object.metadata?.generateName === 'string')
  )
}
