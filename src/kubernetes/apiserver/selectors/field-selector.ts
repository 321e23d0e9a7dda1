import type {KubeObject} from '../../../api/meta/object.ts'
import {badRequest} from '../errors.ts'
import type {ServedResource} from '../request-context.ts'

/** A field selector that was read: what fits, and the name it asks for, if it names one. */
export interface FieldMatcher {
  matches(object: KubeObject): boolean
  readonly name?: string
}

/**
 * Reads a field selector, `metadata.name=web,status.phase!=Failed`. Undefined for an empty one.
 *
 * Throws 400 for fields the kind cannot select by.
 */
export function parseFieldSelector(
  text: string,
  resource: ServedResource,
): FieldMatcher | undefined {
  if (text.trim() === '') return undefined
  const terms = splitTerms(text).map((term) => parseTerm(term, text, resource))
  const name = terms.find((term) => term.path === 'metadata.name' && !term.isNegated)?.value
  return {
    matches: (object) =>
      terms.every(({read, value, isNegated}) => (read(object) === value) !== isNegated),
    ...(name !== undefined && {name}),
  }
}

interface Term {
  readonly path: string
  readonly value: string
  readonly isNegated: boolean
  readonly read: (object: KubeObject) => string
}

function parseTerm(term: string, selector: string, resource: ServedResource): Term {
  const match = /^\s*([^=!]+?)\s*(!=|==|=)(.*)$/s.exec(term)
  if (match === null) {
    throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`)
  }
  const [, path = '', operator, raw = ''] = match
  const value = raw.replace(/\\(.)/gs, '$1')
  const read = readerOf(path, resource)
  if (read === undefined) throw badRequest(unsupported(path, resource))
  return {path, value, isNegated: operator === '!=', read}
}

function readerOf(
  path: string,
  resource: ServedResource,
): ((object: KubeObject) => string) | undefined {
  if (path === 'metadata.name') return (object) => object.metadata.name
  if (path === 'metadata.namespace') return (object) => object.metadata.namespace ?? ''
  return resource.selectableFields.get(path)
}

function unsupported(path: string, resource: ServedResource): string {
  if (resource.isCustom) return `field label not supported: ${path}`
  const hasOwnFields = resource.selectableFields.size > 0
  if (hasOwnFields && resource.type.group === '') return `field label not supported: ${path}`
  return `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`
}

/** Commas and equals signs may be escaped by a backslash. */
function splitTerms(text: string): string[] {
  const terms: string[] = []
  let start = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++
    else if (text[index] === ',') {
      terms.push(text.slice(start, index))
      start = index + 1
    }
  }
  terms.push(text.slice(start))
  return terms.filter((term) => term !== '')
}
