/** Texts of YAML or JSON as documents that know where they stand. */
import type {UnknownObject} from '../../api/meta/object.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {secretMask} from '../../errors/secret-mask.ts'
import {isJsonObject} from '../../util/json.ts'
import type {YamlDocument} from '../../util/yaml/read-yaml.ts'

/** A document and where it begins; all numbers count from 1. */
export interface ManifestDocument {
  /** The file, or `standard input`. */
  readonly file: string
  readonly document: number
  readonly line: number
  /** Where in the document, when it is an item of a list: `items[0]`. */
  readonly path?: string
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
  hint: readonly string[] = [],
): KntoolError {
  const at = place.path === undefined ? field : `${place.path}.${field}`
  return new KntoolError('KN_USAGE', `${placeOf(place)}: ${at}: ${problem}`, {
    hint,
    details: {file: place.file, document: place.document, line: place.line, field: at},
  })
}

/**
 * The documents of a text that are not empty; the items of a list stand for themselves.
 *
 * Throws `KN_USAGE` with the place of the first thing that is no YAML.
 */
export async function parseManifest(text: string, file: string): Promise<ManifestDocument[]> {
  return (await readDocuments(text, file)).flatMap(({value, line}, index) => {
    const place = {file, document: index + 1, line}
    if (value === null) return []
    refuseRevisions(value, place)
    return itemsOf(value).map((item) => {
      hideSecretData(item.value)
      return {...place, ...item}
    })
  })
}

/** An API server's refusal may quote what it was given. */
function hideSecretData(value: unknown): void {
  if (!isJsonObject(value) || value['kind'] !== 'Secret') return
  secretMask.hideTexts(value['stringData'])
  secretMask.hideTexts(value['data'])
}

/** Revisions cannot be applied: each is made by a template that its Service has for a while. */
function refuseRevisions(value: unknown, place: Omit<ManifestDocument, 'value'>): void {
  if (!isJsonObject(value) || value['kind'] !== 'Export' || !isJsonObject(value['spec'])) return
  const {revisions} = value['spec']
  if ((revisions ?? null) === null) return
  throw manifestError(
    place,
    'spec.revisions',
    'an Export with revisions is imported, not applied',
    [`kntool service import ${place.file === 'standard input' ? '-' : place.file}`],
  )
}

async function readDocuments(text: string, file: string): Promise<YamlDocument[]> {
  // Imported on use: most commands read no YAML.
  const {readYamlDocuments} = await import('../../util/yaml/read-yaml.ts')
  const {YamlError} = await import('../../util/yaml/yaml-error.ts')
  try {
    return readYamlDocuments(text)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const {problem, document, line = 1} = error
    throw manifestError({file, document, line}, 'YAML', problem)
  }
}

interface Item {
  readonly path?: string
  readonly value: unknown
}

/** What stands for a document: itself, or the items of a list, of lists within it too. */
function itemsOf(value: unknown, path?: string): Item[] {
  const exported = exportedService(value)
  if (exported !== undefined) return [{value: exported, path: 'spec.service'}]
  const items = listItems(value)
  if (items === undefined) return [{value, ...(path !== undefined && {path})}]
  const before = path === undefined ? '' : `${path}.`
  return items.flatMap((item, index) => itemsOf(item, `${before}items[${index}]`))
}

/** The Service of an export without revisions; one with them is for `kntool service import`. */
function exportedService(value: unknown): unknown {
  if (!isJsonObject(value) || value['kind'] !== 'Export') return undefined
  const {spec} = value
  if (!isJsonObject(spec) || (spec['revisions'] ?? null) !== null) return undefined
  return spec['service']
}

function listItems(value: unknown): readonly unknown[] | undefined {
  if (!isJsonObject(value)) return undefined
  const {kind, items} = value
  // Any kind of list, as kubectl takes them: `ServiceList` is what `service list -o yaml` prints.
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)
    ? items
    : undefined
}
