import {decodeKey, isMerge} from './decode.ts'
import type {MappingNode, YamlNode} from './nodes.ts'

/** A field of a map with the nodes of its name and of its value. */
export interface MappingField {
  readonly key: YamlNode
  readonly value: YamlNode
}

/**
 * The fields of a map by name, with what it merges; names and values keep their places and are as
 * they are written.
 *
 * Of a document that `decodeDocument` has taken: one that it refuses may have no end.
 */
export function mappingFields(node: MappingNode): Map<string, MappingField> {
  const fields = new Map<string, MappingField>()
  for (const [key, value] of node.entries) {
    if (!isMerge(key)) {
      fields.set(decodeKey(key), {key, value: targetOf(value)})
      continue
    }
    const sources = value.kind === 'sequence' ? value.items.toReversed() : [value]
    for (const source of sources.map(targetOf)) {
      if (source.kind !== 'mapping') continue
      for (const [name, field] of mappingFields(source)) fields.set(name, field)
    }
  }
  return fields
}

/** The node itself, or the one that an alias stands for. */
export function targetOf(node: YamlNode): YamlNode {
  return node.kind === 'alias' ? node.target : node
}
