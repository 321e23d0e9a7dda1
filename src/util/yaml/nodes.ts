/** The documents of a YAML text as trees that know their lines, before anything has a value. */
import {
  type AliasEvent,
  type Event,
  EVENT_ID,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml'
import {parserProblem} from './parser-problem.ts'
import {YamlError} from './yaml-error.ts'

/** What every node has. */
interface NodePlace {
  /** From 1. */
  readonly line: number
  /** As it is written: `!!str`, `!mine`; empty where there is none. */
  readonly tag: string
}

/** A text, whatever it will mean. */
export interface ScalarNode extends NodePlace {
  readonly kind: 'scalar'
  readonly text: string
  /** Without quotes, and not in a block: what it looks like counts. */
  readonly isPlain: boolean
}

/** A list. */
export interface SequenceNode extends NodePlace {
  readonly kind: 'sequence'
  readonly items: YamlNode[]
}

/** A map, with doubled keys and merges as they stand. */
export interface MappingNode extends NodePlace {
  readonly kind: 'mapping'
  readonly entries: (readonly [key: YamlNode, value: YamlNode])[]
}

/** `*name`, with the node it stands for. */
export interface AliasNode extends NodePlace {
  readonly kind: 'alias'
  readonly target: YamlNode
}

/** A node of a document. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode

/** How deep lists and maps may be nested: JSON bodies have the same limit. */
export const MAX_DEPTH = 1000

/**
 * The roots of the documents in a text; of an empty document, an empty scalar. Throws a
 * {@link YamlError}, also for more nodes than `maxNodes`, keys among them.
 */
export function parseNodes(text: string, maxNodes = Infinity): YamlNode[] {
  const events = eventsOf(text)
  if (events.length > maxNodes) throw new YamlError(`exceeded max number of nodes: ${maxNodes}`)
  return new Composer(text).run(events)
}

function eventsOf(text: string): Event[] {
  try {
    return parseEvents(text, {maxDepth: MAX_DEPTH})
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const {position = 0, line = 0} = error.mark ?? {}
    throw new YamlError(parserProblem(error.reason, text, position, MAX_DEPTH), {
      line: line + 1,
      document: documentAt(text, position),
    })
  }
}

/** Which document a place is in; the first one may begin without a mark. */
function documentAt(text: string, position: number): number {
  const [before = '', ...marked] = text.slice(0, position).split(/^---(?=\s|$)/m)
  const hasFirst = /^[ \t]*[^#\s]/m.test(before)
  return Math.max(1, marked.length + (hasFirst ? 1 : 0))
}

type Open = SequenceNode | (MappingNode & {key?: YamlNode | undefined})

class Composer {
  readonly #text: string
  readonly #roots: YamlNode[] = []
  readonly #open: Open[] = []
  #anchors = new Map<string, YamlNode>()
  #line = 1
  /** Where the counted line ends; -1 in the last one. */
  #lineEnd: number

  constructor(text: string) {
    this.#text = text
    this.#lineEnd = text.indexOf('\n')
  }

  run(events: readonly Event[]): YamlNode[] {
    let depth = 0
    for (const event of events) {
      switch (event.type) {
        case EVENT_ID.DOCUMENT:
          this.#anchors = new Map()
          depth = 0
          break
        case EVENT_ID.SCALAR:
          this.#add(this.#scalar(event), event)
          break
        case EVENT_ID.ALIAS:
          this.#add(this.#alias(event))
          break
        case EVENT_ID.SEQUENCE:
          this.#begin({kind: 'sequence', ...this.#place(event), items: []}, event)
          depth++
          break
        case EVENT_ID.MAPPING:
          this.#begin({kind: 'mapping', ...this.#place(event), entries: []}, event)
          depth++
          break
        case EVENT_ID.POP:
          if (depth-- > 0) this.#open.pop()
          break
      }
    }
    return this.#roots
  }

  #begin(node: Open, event: SequenceEvent | MappingEvent): void {
    this.#add(node, event)
    this.#open.push(node)
  }

  #add(node: YamlNode, event?: ScalarEvent | SequenceEvent | MappingEvent): void {
    if (event !== undefined && event.anchorStart >= 0) {
      this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), node)
    }
    const parent = this.#open.at(-1)
    if (parent === undefined) this.#roots.push(node)
    else if (parent.kind === 'sequence') parent.items.push(node)
    else if (parent.key === undefined) parent.key = node
    else {
      parent.entries.push([parent.key, node])
      parent.key = undefined
    }
  }

  #scalar(event: ScalarEvent): ScalarNode {
    return {
      kind: 'scalar',
      ...this.#place(event),
      text: getScalarValue(this.#text, event),
      isPlain: event.style === SCALAR_STYLE.PLAIN,
    }
  }

  #alias({anchorStart, anchorEnd}: AliasEvent): AliasNode {
    const name = this.#text.slice(anchorStart, anchorEnd)
    const target = this.#anchors.get(name)
    const line = this.#lineAt(anchorStart)
    if (target === undefined) {
      throw new YamlError(`unknown anchor '${name}' referenced`, {
        document: this.#roots.length + (this.#open.length === 0 ? 1 : 0),
      })
    }
    return {kind: 'alias', line, tag: '', target}
  }

  #place(event: ScalarEvent | SequenceEvent | MappingEvent): NodePlace {
    const start = event.type === EVENT_ID.SCALAR ? event.valueStart : event.start
    const tag = event.tagStart < 0 ? '' : this.#text.slice(event.tagStart, event.tagEnd)
    return {line: this.#lineAt(start), tag}
  }

  /** Nodes come in the order of the text, so that each line is counted once. */
  #lineAt(offset: number): number {
    while (this.#lineEnd >= 0 && this.#lineEnd < offset) {
      this.#line++
      this.#lineEnd = this.#text.indexOf('\n', this.#lineEnd + 1)
    }
    return this.#line
  }
}
