/** What can be said about documents without asking a server. */
import type {UnknownObject} from '../../api/meta/object.ts'
import {dns1035LabelProblems} from '../../api/name-rules.ts'
import {isJsonObject, type JsonObject} from '../../util/json.ts'
import {type Manifest, type ManifestDocument, manifestError, placeOf} from './manifest-document.ts'

/**
 * The documents as objects. Throws `KN_USAGE` for the first that is none, with its place and field.
 *
 * | field                | has to be                                                   |
 * |----------------------|-------------------------------------------------------------|
 * | the document         | a map                                                       |
 * | apiVersion, kind     | texts that are not empty                                    |
 * | metadata.name        | a name; generateName is not enough to apply                 |
 * | metadata.namespace   | missing, or the one of `--namespace`, if that is given      |
 * | all of these         | together in no other document                               |
 */
export function checkManifests(
  documents: readonly ManifestDocument[],
  options: {readonly namespace: string | undefined},
): Manifest[] {
  const places = new Map<string, string>()
  return documents.map((document) => {
    const manifest = checkManifest(document, options.namespace)
    const {apiVersion, kind, metadata} = manifest.value
    const key = [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ')
    const before = places.get(key)
    if (before !== undefined) {
      throw manifestError(
        document,
        'metadata.name',
        `${kind} '${metadata.name}' is also in ${before}`,
      )
    }
    places.set(key, placeOf(document))
    return manifest
  })
}

function checkManifest(document: ManifestDocument, given: string | undefined): Manifest {
  const {value} = document
  if (!isJsonObject(value)) {
    const {path, ...place} = document
    throw manifestError(place, path ?? 'document', 'it is no map of fields')
  }
  requireText(document, value, 'apiVersion', 'apiVersion')
  requireText(document, value, 'kind', 'kind')
  const {metadata} = value
  if (!isJsonObject(metadata)) throw manifestError(document, 'metadata', 'it is missing')
  const name = requireText(document, metadata, 'name', 'metadata.name')
  const [problem] = nameProblems(value, name)
  if (problem !== undefined) throw manifestError(document, 'metadata.name', `"${name}" ${problem}`)
  const namespace = metadata['namespace']
  if (namespace !== undefined && namespace !== null) {
    const stated = requireText(document, metadata, 'namespace', 'metadata.namespace')
    if (given !== undefined && given !== stated) {
      throw manifestError(
        document,
        'metadata.namespace',
        `"${stated}" is not that of --namespace "${given}"`,
      )
    }
  }
  return {...document, value: value as unknown as UnknownObject}
}

function requireText(
  document: ManifestDocument,
  object: JsonObject,
  name: string,
  field: string,
): string {
  const text = object[name]
  if (typeof text === 'string' && text !== '') return text
  const problem =
    text === undefined || text === null || text === '' ? 'it is missing' : 'it is no text'
  throw manifestError(document, field, problem)
}

// Each kind has its own rules, which the server knows; only what can be no part of a path is wrong
// everywhere.
function nameProblems({apiVersion, kind}: JsonObject, name: string): string[] {
  if (kind === 'Service' && String(apiVersion).startsWith('serving.knative.dev/')) {
    return dns1035LabelProblems(name)
  }
  return /[/%\s]|^\.\.?$/.test(name)
    ? ["must not be '.' or '..', or contain '/', '%' or blanks"]
    : []
}
