import {failure} from '../../api/meta/status-error.ts'
import type {Body, ReadDocument} from './body.ts'
import {type DecodedDocument, decodeDocument} from '../../util/yaml/decode.ts'
import {parseNodes} from '../../util/yaml/nodes.ts'
import {YamlError} from '../../util/yaml/yaml-error.ts'
import {badRequest} from './errors.ts'
import {scanJson} from './http/json-scanner.ts'
import {isJsonObject} from './json-value.ts'

const ACCEPTED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'

/**
 * The document in a body, of a request that must have an object of `kind`.
 *
 * Throws 415 for content types we cannot read (protobuf among them, so that clients fall back to
 * JSON) and 400 for what is no object.
 */
export function readDocument(body: Body, kind: string): ReadDocument {
  if (body.kind === 'document' && isJsonObject(body.value)) {
    return {value: body.value, duplicates: []}
  }
  const bytes = body.kind === 'bytes' ? body.bytes : new Uint8Array()
  const type = body.kind === 'bytes' ? mediaType(body.type) : ''
  switch (type) {
    case '':
    case 'application/json':
      return readJson(bytes, kind)
    case 'application/yaml':
    case 'application/x-yaml':
      return readYaml(bytes, kind)
    default:
      throw unsupportedMediaType(ACCEPTED)
  }
}

/** 415 that names what would do. */
export function unsupportedMediaType(accepted: string): Error {
  return failure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  )
}

/** The media type of a Content-Type, without parameters, in lower case. */
export function mediaType(type: string | undefined): string {
  return (type ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

function readJson(bytes: Uint8Array, kind: string): ReadDocument {
  const text = decodeText(bytes)
  const {value, problem, duplicates} = parseJson(text)
  if (problem !== undefined || !isJsonObject(value)) {
    throw unrecognized(
      kind,
      `couldn't get version/kind; json parse error: ${problem ?? goType(value)}`,
      text,
    )
  }
  return {value, duplicates}
}

/** A JSON text: its value, or what is wrong with it in Go's words; doubled fields by path. */
export function parseJson(text: string): {
  readonly value: unknown
  readonly problem?: string
  readonly duplicates: readonly string[]
} {
  const scan = scanJson(text)
  if (scan.problem !== undefined) return {value: undefined, problem: scan.problem, duplicates: []}
  return {value: JSON.parse(text) as unknown, duplicates: scan.duplicates}
}

function goType(value: unknown): string {
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  return `json: cannot unmarshal ${found} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`
}

/** Each of the 25,000 values that JSON may have as well, with a name and what opens and closes it. */
const MAX_YAML_NODES = 60_000

/** Smaller texts are read at once, whatever they have. */
const SMALL_YAML_BYTES = 256 * 1024

/** Whether a text may have more nodes than are read in time: none stands without one of these. */
function mayBeTooMany(text: string): boolean {
  let most = 0
  for (const mark of ['\n', ',', '[', '{', '- ']) {
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      if (++most > MAX_YAML_NODES) return true
    }
  }
  return false
}

function readYaml(bytes: Uint8Array, kind: string): ReadDocument {
  const text = decodeText(bytes)
  // What clients call YAML is JSON most of the time: for server-side apply there is no other type.
  if (text.startsWith('{')) {
    const scanned = parseJson(text)
    if (isJsonObject(scanned.value)) return {value: scanned.value, duplicates: scanned.duplicates}
  }
  if (bytes.length > SMALL_YAML_BYTES && mayBeTooMany(text)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): yaml: a body of YAML may have ${MAX_YAML_NODES} lines, commas and brackets together; JSON may have more`,
    )
  }
  const {value, duplicates} = decodeYaml(text, bytes, kind)
  if (!isJsonObject(value)) {
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${goType(value)}`, text)
  }
  return {value, duplicates: duplicates.slice(0, 100).map(({key}) => key)}
}

/** The first document of a text, as kube-apiserver takes it. */
function decodeYaml(text: string, bytes: Uint8Array, kind: string): DecodedDocument {
  try {
    const [root] = parseNodes(text, MAX_YAML_NODES)
    return root === undefined ? {value: null, duplicates: []} : decodeDocument(root)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const hex = Buffer.from(bytes.subarray(0, 100)).toString('hex')
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): ${error.message} (${hex})`,
    )
  }
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes)
}

function unrecognized(kind: string, why: string, text: string): Error {
  const sample = text === '' ? '<empty>' : text.length > 30 ? `${text.slice(0, 30)} ...` : text
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${why} (${sample})`,
  )
}
