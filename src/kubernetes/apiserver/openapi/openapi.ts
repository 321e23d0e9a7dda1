import {createHash} from 'node:crypto'
import type {ApiResponse} from '../../../api/transport.ts'
import {VERSION} from '../discovery/version.ts'
import type {JsonObject} from '../json-value.ts'
import {parseAccept} from '../negotiation.ts'
import type {ResourceRegistry, ServedResource, ServerContext} from '../request-context.ts'
import {loadDescriptions} from '../schema/descriptions.ts'
import {Components} from './components.ts'
import {encodeVersion2} from './encode-version-2.ts'
import {resourcePaths} from './operations.ts'
import {definitionsV2, pathsV2} from './version-2.ts'

/** The documents of one registry, made when somebody asks, until what is served changes. */
interface Documents {
  changes: number
  index: Record<string, {serverRelativeURL: string}> | undefined
  readonly custom: Map<string, string>
  /** Version 2, in the representations that somebody asked for. */
  readonly v2: {json?: DocumentV2; protobuf?: DocumentV2}
}

interface DocumentV2 {
  readonly bytes: Uint8Array
  readonly etag: string
}

const caches = new WeakMap<ResourceRegistry, Documents>()
/** Documents of kinds that no definition made, for all servers that serve the same of them. */
const builtinDocuments = new Map<string, string>()

function documentsOf(registry: ResourceRegistry): Documents {
  let documents = caches.get(registry)
  if (documents === undefined || documents.changes !== registry.changes) {
    documents = {changes: registry.changes, index: undefined, custom: new Map(), v2: {}}
    caches.set(registry, documents)
  }
  return documents
}

function groupVersions(registry: ResourceRegistry): Map<string, ServedResource[]> {
  return Map.groupBy(registry.all(), ({type}) =>
    type.group === '' ? `api/${type.version}` : `apis/${type.group}/${type.version}`,
  )
}

/**
 * `/openapi/v3`: where the document of each group version is. The hash in the address changes with
 * the content, so that clients may keep what they have.
 */
export function openApiV3Index({registry}: ServerContext): ApiResponse {
  const documents = documentsOf(registry)
  documents.index ??= Object.fromEntries(
    [...groupVersions(registry)]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([path, resources]) => [
        path,
        {serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(resources)}`},
      ]),
  )
  return {
    status: 200,
    headers: {'content-type': 'text/plain; charset=utf-8'},
    warnings: [],
    body: {kind: 'json', value: {paths: documents.index}},
  }
}

function hashOf(resources: readonly ServedResource[]): string {
  const hash = createHash('sha512').update(VERSION.gitVersion)
  for (const {type, schema, subresources} of resources) {
    hash.update(JSON.stringify([type, [...subresources.keys()]]))
    if (schema.source.kind === 'structural') hash.update(JSON.stringify(schema.source.schema))
  }
  return hash.digest('hex').toUpperCase()
}

/** `/openapi/v3/<path>`: the document of one group version; undefined when it is not served. */
export async function openApiV3(
  {registry}: ServerContext,
  path: readonly string[],
): Promise<ApiResponse | undefined> {
  const key = path.join('/')
  const resources = groupVersions(registry).get(key)
  const [first] = resources ?? []
  if (resources === undefined || first === undefined) return undefined
  const cache = first.isCustom ? documentsOf(registry).custom : builtinDocuments
  const id = `${key}?hash=${hashOf(resources)}`
  let text = cache.get(id)
  if (text === undefined) {
    text = JSON.stringify(await documentV3(resources))
    cache.set(id, text)
  }
  return jsonText(text)
}

async function documentV3(resources: readonly ServedResource[]): Promise<object> {
  const components = new Components(await loadDescriptions())
  const paths: Record<string, unknown> = {}
  const reference = (name: string): Record<string, unknown> => components.reference(name)
  for (const resource of resources) {
    components.addResource(resource)
    Object.assign(paths, resourcePaths(resource, reference))
  }
  const isCustom = resources[0]?.isCustom === true
  return {
    openapi: '3.0.0',
    info: isCustom
      ? {title: 'Kubernetes CRD Swagger', version: 'v0.1.0'}
      : {title: 'Kubernetes', version: VERSION.gitVersion},
    paths: sorted(paths),
    components: {schemas: sorted(components.schemas)},
  }
}

/** The media type of {@link encodeVersion2}, in its two spellings. */
const PROTOBUF_V2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
const PROTOBUF_V2_TYPES = new Set([PROTOBUF_V2, PROTOBUF_V2.replace('v2.v1.0', 'v2@v1.0')])

/**
 * `/openapi/v2`: the types and operations of everything in one document, as JSON or as the protobuf
 * that kubectl asks for. A client that names the ETag of what it has gets 304.
 */
export async function openApiV2(
  {registry}: ServerContext,
  headers: Readonly<Record<string, string>>,
): Promise<ApiResponse> {
  const documents = documentsOf(registry)
  const wanted = parseAccept(headers['accept'] ?? '').find(
    ({type}) => PROTOBUF_V2_TYPES.has(type) || JSON_TYPES.has(type),
  )
  const isProtobuf = wanted !== undefined && PROTOBUF_V2_TYPES.has(wanted.type)
  const representation = isProtobuf ? 'protobuf' : 'json'
  documents.v2[representation] ??= representationOf(await documentV2(registry), isProtobuf)
  const {bytes, etag} = documents.v2[representation]
  const isKnown = headers['if-none-match']?.split(/,\s*/).includes(etag) === true
  return {
    status: isKnown ? 304 : 200,
    headers: {'content-type': isProtobuf ? PROTOBUF_V2 : 'application/json', etag, vary: 'Accept'},
    warnings: [],
    body: {kind: 'bytes', chunks: isKnown ? nothing() : once(bytes)},
  }
}

const JSON_TYPES = new Set(['application/json', 'application/*', '*/*'])

function representationOf(document: JsonObject, isProtobuf: boolean): DocumentV2 {
  const bytes = isProtobuf ? encodeVersion2(document) : Buffer.from(JSON.stringify(document))
  return {bytes, etag: `"${createHash('sha512').update(bytes).digest('hex').toUpperCase()}"`}
}

async function documentV2(registry: ResourceRegistry): Promise<JsonObject> {
  const components = new Components(await loadDescriptions())
  const paths: Record<string, JsonObject> = {}
  const reference = (name: string): JsonObject => components.reference(name)
  for (const resource of registry.all()) {
    components.addResource(resource)
    Object.assign(paths, resourcePaths(resource, reference))
  }
  return {
    swagger: '2.0',
    info: {title: 'Kubernetes', version: VERSION.gitVersion},
    paths: sorted(pathsV2(paths)),
    definitions: sorted(definitionsV2(components.schemas)),
  }
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).toSorted(([left], [right]) => (left < right ? -1 : 1)),
  )
}

/** An answer whose JSON text is ready. */
function jsonText(text: string): ApiResponse {
  return {
    status: 200,
    headers: {'content-type': 'application/json'},
    warnings: [],
    body: {kind: 'bytes', chunks: once(Buffer.from(text))},
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
