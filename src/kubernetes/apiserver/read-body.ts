import {type Document, parseDocument} from 'yaml'
import {failure} from '../../api/meta/status-error.ts'
import type {Body, ReadDocument} from './body.ts'
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

function readYaml(bytes: Uint8Array, kind: string): ReadDocument {
  const text = decodeText(bytes)
  const document = parseDocument(text, {uniqueKeys: false, version: '1.1', schema: 'core'})
  const [error] = document.errors
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1
    const hex = Buffer.from(bytes.subarray(0, 100)).toString('hex')
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): yaml: line ${line}: ${yamlProblem(error.code)} (${hex})`,
    )
  }
  const value = resolveAliases(document, kind)
  if (!isJsonObject(value)) {
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${goType(value)}`, text)
  }
  return {value, duplicates: []}
}

/** What the document says, unless its references multiply it beyond measure. */
function resolveAliases(document: Document, kind: string): unknown {
  try {
    return document.toJS({maxAliasCount: 100}) as unknown
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): yaml: document contains excessive aliasing`,
    )
  }
}

/** Go's YAML library has few messages; the most frequent ones in its words. */
function yamlProblem(code: string): string {
  switch (code) {
    case 'BAD_INDENT':
    case 'MISSING_CHAR':
    case 'MULTILINE_IMPLICIT_KEY':
      return "did not find expected ',' or ']'"
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'mapping values are not allowed in this context'
    case 'TAB_AS_INDENT':
      return 'found character that cannot start any token'
    default:
      return 'could not find expected node'
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
