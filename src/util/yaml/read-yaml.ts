/**
 * YAML as Kubernetes reads it, everywhere: files of the client, kubeconfigs, values of ConfigMaps,
 * bodies of requests.
 */
import {decodeDocument} from './decode.ts'
import {parseNodes} from './nodes.ts'
import {YamlError} from './yaml-error.ts'

/** One of several documents. */
export interface YamlDocument {
  /** null for an empty one. */
  readonly value: unknown
  /** Where it begins, from 1. */
  readonly line: number
}

/**
 * The documents of a text.
 *
 * Throws a {@link YamlError} for what is no YAML and for a key that stands twice in a map: kubectl
 * takes the last one without a word, which nobody means.
 */
export function readYamlDocuments(text: string): YamlDocument[] {
  return parseNodes(text).map((root, index) => {
    const {value, duplicates} = decodeDocument(root, index + 1)
    const [twice] = duplicates
    if (twice !== undefined) {
      const problem = `key ${JSON.stringify(twice.key)} already set in map`
      throw new YamlError(problem, {line: twice.line, document: index + 1})
    }
    return {value, line: root.line}
  })
}

/**
 * The only document of a text; undefined where there is none. More than one is an error, and the
 * rest as in {@link readYamlDocuments}.
 */
export function readYaml(text: string): unknown {
  const [first, second] = readYamlDocuments(text)
  if (second === undefined) return first?.value
  throw new YamlError('expected one document, found more', {line: second.line, document: 2})
}
