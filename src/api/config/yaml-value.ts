/** YAML inside a ConfigMap's value. */
import {parseDocument} from 'yaml'

/**
 * Parses a YAML text; an empty one is undefined.
 *
 * @throws Error with the frame of sigs.k8s.io/yaml around it. The reason is libyaml's where ours has
 * an equivalent: two parsers do not trip over the same token in every text.
 */
export function parseYamlValue(text: string): unknown {
  const document = parseDocument(text, {prettyErrors: false})
  const [error] = document.errors
  if (error !== undefined) {
    const line = Math.max(1, text.slice(0, error.pos[0]).split('\n').length)
    const reason = REASONS[error.code] ?? error.message
    throw new Error(`error converting YAML to JSON: yaml: line ${line}: ${reason}`)
  }
  return document.toJS() ?? undefined
}

const REASONS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'did not find expected node content',
  BAD_ALIAS: 'did not find expected alphabetic or numeric character',
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  BLOCK_IN_FLOW: 'did not find expected node content',
  DUPLICATE_KEY: 'key already set in map',
  MISSING_CHAR: 'did not find expected node content',
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  TAB_AS_INDENT: 'found character that cannot start any token',
  UNEXPECTED_TOKEN: 'did not find expected node content',
}
