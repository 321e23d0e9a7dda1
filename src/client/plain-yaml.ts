/**
 * The YAML that tools write into kubeconfigs: block mappings and lists of plain or quoted scalars.
 *
 * Not a YAML parser: it gives up on everything else, and the real one is asked. That one takes as
 * long to load and run as the rest of a command.
 */

/** The value of `text`, or undefined when it has anything beyond the plainest YAML. */
export function parsePlainYaml(text: string): unknown {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => !/^\s*(#.*)?$/.test(line) && line !== '---')
    .map((line): Line => ({indent: line.search(/\S/), text: line.trim()}))
  if (/^[ ]*\t/m.test(text)) return undefined
  try {
    const reader = new BlockReader(lines)
    const value = reader.read(0)
    return reader.finished ? value : undefined
  } catch (error) {
    if (error === GIVE_UP) return undefined
    throw error
  }
}

interface Line {
  readonly indent: number
  readonly text: string
}

const GIVE_UP = new Error('not plain YAML')

const KEY = /^([A-Za-z_][\w./-]*|"[^"\\]*"|'[^']*'):(?:\s+(.*))?$/

class BlockReader {
  readonly #lines: Line[]
  #next = 0

  constructor(lines: Line[]) {
    this.#lines = lines
  }

  get finished(): boolean {
    return this.#next === this.#lines.length
  }

  /** The block whose lines are indented by at least `minIndent`. */
  read(minIndent: number): unknown {
    const first = this.#lines[this.#next]
    if (first === undefined || first.indent < minIndent) return null
    if (/^-(\s|$)/.test(first.text)) return this.#list(first.indent)
    return this.#map(first.indent)
  }

  #list(indent: number): unknown[] {
    const items: unknown[] = []
    for (let line = this.#at(indent); line && /^-(\s|$)/.test(line.text); line = this.#at(indent)) {
      const rest = line.text.slice(1).trimStart()
      if (KEY.test(rest)) {
        // The item is a mapping that begins on the line of its dash.
        const inner = indent + (line.text.length - rest.length)
        this.#lines[this.#next] = {indent: inner, text: rest}
        items.push(this.#map(inner))
      } else {
        this.#next += 1
        items.push(rest === '' ? this.read(indent + 1) : scalar(rest))
      }
    }
    return items
  }

  #map(indent: number): Record<string, unknown> {
    const entries: [string, unknown][] = []
    for (
      let line = this.#at(indent);
      line && !/^-(\s|$)/.test(line.text);
      line = this.#at(indent)
    ) {
      const match = KEY.exec(line.text)
      if (match === null) throw GIVE_UP
      const [, key = '', rest] = match
      this.#next += 1
      entries.push([unquoteKey(key), rest === undefined ? this.#below(indent) : scalar(rest)])
    }
    return Object.fromEntries(entries)
  }

  /** What belongs to a key with nothing behind it; lists may begin in the key's own column. */
  #below(indent: number): unknown {
    const line = this.#lines[this.#next]
    const isList = line !== undefined && line.indent === indent && /^-(\s|$)/.test(line.text)
    return isList ? this.#list(indent) : this.read(indent + 1)
  }

  #at(indent: number): Line | undefined {
    const line = this.#lines[this.#next]
    if (line === undefined || line.indent < indent) return undefined
    if (line.indent > indent) throw GIVE_UP
    return line
  }
}

function scalar(text: string): unknown {
  const double = /^"([^"\\]*)"$/.exec(text)?.[1]
  if (double !== undefined) return double
  const single = /^'([^']*)'$/.exec(text)?.[1]
  if (single !== undefined) return single
  if (text === '{}') return {}
  if (text === '[]') return []
  if (/^(?:[[\]{}&*!|>%@`"'#,?]|-(?:\s|$))/.test(text) || /\s#|:\s|:$/.test(text)) throw GIVE_UP
  if (/^(null|~)$/.test(text)) return null
  if (/^(true|false)$/.test(text)) return text === 'true'
  if (/^-?(0|[1-9]\d{0,14})$/.test(text)) return Number(text)
  // Numbers, times and booleans in other spellings are left to who knows them all: 0x1F, 1e3, .inf.
  if (/^[-+.\d]/.test(text) && !/[g-hj-mp-wyz/]/i.test(text)) throw GIVE_UP
  if (/^(yes|no|on|off|y|n|null|true|false)$/i.test(text)) throw GIVE_UP
  return text
}

function unquoteKey(key: string): string {
  return /^["']/.test(key) ? key.slice(1, -1) : key
}
