import {type JsonObject, setField} from '../json.ts'
import {keyText} from './key-text.ts'
import {type MappingNode, MAX_DEPTH, type ScalarNode, type YamlNode} from './nodes.ts'
import {resolvePlain, type Scalar} from './scalars.ts'
import {YamlError} from './yaml-error.ts'

/** A key that stands twice in a map. */
export interface DuplicateKey {
  readonly key: string
  /** Of the second, from 1. */
  readonly line: number
}

/** A document as JSON has it. */
export interface DecodedDocument {
  /** Nothing in it is shared, whatever the text refers to twice. */
  readonly value: unknown
  /** The last of each counts, as in kubectl. */
  readonly duplicates: readonly DuplicateKey[]
}

/**
 * What references may add to a document. go-yaml lets one grow by 400,000 nodes; nothing that
 * anybody writes grows by a tenth of it.
 */
const MAX_ALIASED_NODES = 40_000

/**
 * The value of a document as Kubernetes reads it: keys become texts, `<<` overwrites what stands
 * before it, tags that YAML does not define are ignored.
 *
 * Counterpart of sigs.k8s.io/yaml `YAMLToJSON` over `goyaml.v2/decode.go`. Throws a
 * {@link YamlError}.
 *
 * @param document which one of its text, from 1, for errors.
 */
export function decodeDocument(root: YamlNode, document = 1): DecodedDocument {
  const decoder = new Decoder(document)
  return {value: decoder.value(root), duplicates: decoder.duplicates}
}

/** The name that a key has. Throws a {@link YamlError}. */
export function decodeKey(node: YamlNode): string {
  return new Decoder(1).key(node)
}

class Decoder {
  readonly duplicates: DuplicateKey[] = []
  readonly #document: number
  /** The lists and maps around the place that is read: one within itself would have no end. */
  readonly #around = new Set<YamlNode>()
  #aliasDepth = 0
  #aliasedNodes = 0

  constructor(document: number) {
    this.#document = document
  }

  value(node: YamlNode): unknown {
    switch (node.kind) {
      case 'scalar':
        this.#count()
        return this.#finite(node)
      case 'sequence':
        return this.#inside(node, () => node.items.map((item) => this.value(item)))
      case 'mapping':
        return this.#fields(node)
      case 'alias':
        return this.#aliased(() => this.value(node.target))
    }
  }

  #count(): void {
    if (this.#aliasDepth > 0 && ++this.#aliasedNodes > MAX_ALIASED_NODES) {
      throw this.#error('document contains excessive aliasing')
    }
  }

  #aliased<T>(read: () => T): T {
    this.#aliasDepth++
    const result = read()
    this.#aliasDepth--
    return result
  }

  #inside<T>(node: YamlNode, read: () => T): T {
    this.#count()
    if (this.#around.has(node)) throw this.#error('anchor value contains itself', node)
    // References add up: each document is shallow, what it stands for need not be.
    if (this.#around.size >= MAX_DEPTH) throw this.#error(`exceeded max depth of ${MAX_DEPTH}`)
    this.#around.add(node)
    const result = read()
    this.#around.delete(node)
    return result
  }

  #fields(node: MappingNode): JsonObject {
    return this.#inside(node, () => {
      const fields: JsonObject = {}
      const own = new Set<string>()
      for (const [keyNode, valueNode] of node.entries) {
        if (isMerge(keyNode)) {
          for (const source of this.#mergeSources(valueNode)) {
            for (const key of Object.keys(source)) setField(fields, key, source[key])
          }
          continue
        }
        const key = this.key(keyNode)
        if (own.has(key)) this.duplicates.push({key, line: keyNode.line})
        own.add(key)
        setField(fields, key, this.value(valueNode))
      }
      return fields
    })
  }

  /** The maps of a merge, in the order in which they are written over each other. */
  #mergeSources(node: YamlNode): JsonObject[] {
    const sources = node.kind === 'sequence' ? node.items.toReversed() : [node]
    return sources.map((source) => {
      const map = source.kind === 'alias' ? source.target : source
      if (map.kind !== 'mapping') {
        throw this.#error('map merge requires map or sequence of maps as the value', source)
      }
      return map === source ? this.#fields(map) : this.#aliased(() => this.#fields(map))
    })
  }

  key(node: YamlNode): string {
    const target = node.kind === 'alias' ? node.target : node
    if (target.kind !== 'scalar') throw this.#error('invalid map key: it is no text', node)
    const key = keyText(this.#scalar(target))
    if (key === undefined) throw this.#error('unsupported map key of type: null', node)
    return key
  }

  #finite(node: ScalarNode): Scalar['value'] {
    const {value} = this.#scalar(node)
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw this.#error(`${node.text} is a number that JSON does not have`, node)
    }
    return value
  }

  #scalar(node: ScalarNode): Scalar {
    const {text, isPlain} = node
    const tag = STANDARD_TAG.exec(node.tag)?.[1] ?? node.tag
    switch (tag) {
      case '':
        return isPlain ? resolvePlain(text) : {type: 'str', value: text}
      case 'binary':
        return {type: 'str', value: Buffer.from(text, 'base64').toString('utf8')}
      case 'null':
      case 'bool':
      case 'int':
      case 'float':
      case 'timestamp': {
        const found = resolvePlain(text)
        if (found.type === tag || (found.type === 'int' && tag === 'float')) return found
        throw this.#error(`cannot decode !!${found.type} \`${text}\` as a !!${tag}`, node)
      }
      default:
        return {type: 'str', value: text}
    }
  }

  #error(problem: string, node?: YamlNode): YamlError {
    return new YamlError(problem, {
      document: this.#document,
      ...(node !== undefined && {line: node.line}),
    })
  }
}

const STANDARD_TAG = /^(?:!!|!<tag:yaml\.org,2002:)([a-z]+)>?$/

/** Whether a key merges: `<<` as it is, or with its tag: in quotes it is a key as any other. */
export function isMerge(node: YamlNode): boolean {
  if (node.kind !== 'scalar' || node.text !== '<<') return false
  return (node.isPlain && node.tag === '') || STANDARD_TAG.exec(node.tag)?.[1] === 'merge'
}
