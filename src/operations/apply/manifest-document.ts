/** Texts of YAML or JSON as documents that know where they stand. */
import type {UnknownObject} from '../../api/meta/object.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {isJsonObject} from '../../util/json.ts'

/** A document and where it begins; all numbers count from 1. */
export interface ManifestDocument {
  /** The file, or `standard input`. */
  readonly file: string
  readonly document: number
  readonly line: number
  readonly value: unknown
}

/** A document that has been found to describe an object. */
export interface Manifest extends ManifestDocument {
  readonly value: UnknownObject
}

/** `web.yaml:2:14`: the file, the document in it, and its line. */
export function placeOf({file, document, line}: Omit<ManifestDocument, 'value'>): string {
  return `${file}:${document}:${line}`
}

/** What is wrong with a document: exit 2, with its place and the field. */
export function manifestError(
  place: Omit<ManifestDocument, 'value'>,
  field: string,
  problem: string,
): KntoolError {
  return new KntoolError('KN_USAGE', `${placeOf(place)}: ${field}: ${problem}`, {
    details: {file: place.file, document: place.document, line: place.line, field},
  })
}

/**
 * The documents of a text that are not empty; the items of a `List` stand for themselves.
 *
 * Throws `KN_USAGE` with the place of the first thing that is no YAML.
 */
export async function parseManifest(text: string, file: string): Promise<ManifestDocument[]> {
  // Imported on use: most commands read no YAML.
  const {LineCounter, parseAllDocuments} = await import('yaml')
  const lines = new LineCounter()
  const parsed = parseAllDocuments(text, {lineCounter: lines})
  if (!Array.isArray(parsed)) return []
  return parsed.flatMap((document, index) => {
    const number = index + 1
    const [error] = document.errors
    if (error !== undefined) {
      const {line} = lines.linePos(error.pos[0])
      const [said = ''] = error.message.split('\n')
      const problem = said.replace(/ at line \d+, column \d+:?$/, '')
      throw manifestError({file, document: number, line}, 'YAML', problem)
    }
    const {line} = lines.linePos(document.contents?.range?.[0] ?? 0)
    const value: unknown = document.toJS()
    const place = {file, document: number, line}
    return itemsOf(value).map((item) => ({...place, value: item}))
  })
}

function itemsOf(value: unknown): unknown[] {
  if (value === null || value === undefined) return []
  if (!isJsonObject(value)) return [value]
  const {apiVersion, kind, items, spec} = value
  // An export without revisions is its Service; one with them is for `kntool service import`.
  if (kind === 'Export' && isJsonObject(spec) && (spec['revisions'] ?? null) === null) {
    return itemsOf(spec['service'])
  }
  return apiVersion === 'v1' && kind === 'List' && Array.isArray(items) ? items : [value]
}
