/**
 * What changed between two objects, as upstream's webhook tells it.
 *
 * Counterpart of knative.dev/pkg `kmp.ShortDiff` over go-cmp: one entry per field, with go-cmp's
 * spelling of its path and Go's of the two values.
 */
import {parseQuantity} from '../../util/quantity.ts'
import {entries, formatGo, get, isNil, items} from './go-format.ts'
import {type GoType, nameOf, type StructType} from './go-type.ts'

/** The differences between `old` and `current`; empty when there are none. */
export function shortDiff(
  type: StructType,
  old: unknown,
  current: unknown,
  options: {
    /** Whether upstream compares the structs or pointers to them: the paths show it. */
    readonly root: 'pointer' | 'value'
  },
): string {
  const diff = new Diff()
  const name = options.root === 'pointer' ? `*${type.name}` : type.name
  diff.struct(type, old, current, `{${name}}`)
  return diff.lines.join('')
}

class Diff {
  readonly lines: string[] = []

  struct(type: StructType, old: unknown, current: unknown, path: string): void {
    for (const field of type.fields) {
      const at = `${path}.${field.go}`
      if ('embedded' in field) this.struct(field.embedded, old, current, at)
      else this.#value(field.type, get(old, field.json), get(current, field.json), at)
    }
  }

  #value(type: GoType, old: unknown, current: unknown, path: string): void {
    // Objects share what did not change.
    if (old === current) return
    switch (type.kind) {
      case 'struct':
        this.struct(type, old, current, path)
        return
      case 'pointer':
        this.#pointer(type.to, old, current, path)
        return
      case 'list':
        if (isNil(old) || isNil(current)) this.#nilable(type, old, current, path)
        else this.#list(type.of, items(old), items(current), path)
        return
      case 'map':
        if (isNil(old) || isNil(current)) this.#nilable(type, old, current, path)
        else this.#map(type.of, old, current, path)
        return
      case 'intOrString':
        this.#intOrString(old, current, path)
        return
      case 'quantity':
        if (!sameQuantity(old, current)) this.#report(type, old, current, path)
        return
      case 'string':
      case 'boolean':
      case 'integer':
        if (formatGo(type, old) !== formatGo(type, current)) this.#report(type, old, current, path)
        return
      case 'time':
      case 'opaque':
    }
  }

  #pointer(to: GoType, old: unknown, current: unknown, path: string): void {
    if (isNil(old) || isNil(current)) {
      this.#nilable({kind: 'pointer', to}, old, current, path)
    } else if (to.kind === 'struct') this.struct(to, old, current, path)
    else {
      // go-cmp puts the star of a pointer in front of the whole path.
      this.#value(to, old, current, `*${path}`)
    }
  }

  #nilable(type: GoType, old: unknown, current: unknown, path: string): void {
    if (isNil(old) && isNil(current)) return
    this.#report(type, old, current, path)
  }

  #map(of: GoType, old: unknown, current: unknown, path: string): void {
    const before = new Map(entries(old))
    const after = new Map(entries(current))
    for (const key of [...new Set([...before.keys(), ...after.keys()])].toSorted()) {
      const at = `${path}[${JSON.stringify(key)}]`
      if (!after.has(key)) this.#line(at, [this.#side('-', of, before.get(key))])
      else if (!before.has(key)) this.#line(at, [this.#side('+', of, after.get(key))])
      else this.#value(of, before.get(key), after.get(key), at)
    }
  }

  /**
   * go-cmp looks for the shortest way from one list to the other. Here the equal items at both ends
   * are set aside and the rest is paired in order, which is the same wherever people change,
   * append or remove at one place.
   */
  #list(of: GoType, old: unknown[], current: unknown[], path: string): void {
    const shorter = Math.min(old.length, current.length)
    let head = 0
    while (head < shorter && isSame(of, old[head], current[head])) head++
    let tail = 0
    while (tail < shorter - head && isSame(of, old.at(-1 - tail), current.at(-1 - tail))) tail++
    const oldEnd = old.length - tail
    const currentEnd = current.length - tail
    const paired = Math.min(oldEnd, currentEnd)
    for (let index = head; index < paired; index++) {
      this.#value(of, old[index], current[index], `${path}[${index}]`)
    }
    for (let index = paired; index < oldEnd; index++) {
      this.#line(`${path}[${index}->?]`, [this.#side('-', of, old[index])])
    }
    for (let index = paired; index < currentEnd; index++) {
      this.#line(`${path}[?->${index}]`, [this.#side('+', of, current[index])])
    }
  }

  #intOrString(old: unknown, current: unknown, path: string): void {
    const integer: GoType = {kind: 'integer', name: 'int32'}
    const string: GoType = {kind: 'string', name: 'string'}
    const isText = (value: unknown): number => (typeof value === 'string' ? 1 : 0)
    this.#value(integer, isText(old), isText(current), `${path}.Type`)
    this.#value(integer, numberOf(old), numberOf(current), `${path}.IntVal`)
    this.#value(string, textOf(old), textOf(current), `${path}.StrVal`)
  }

  #report(type: GoType, old: unknown, current: unknown, path: string): void {
    this.#line(path, [this.#side('-', type, old), this.#side('+', type, current)])
  }

  #line(path: string, sides: readonly string[]): void {
    this.lines.push(`${path}:\n`, ...sides)
  }

  #side(sign: '-' | '+', type: GoType, value: unknown): string {
    const isStruct = type.kind === 'struct' || type.kind === 'quantity'
    const prefix = isStruct ? `${nameOf(type)}: ` : ''
    return `\t${sign}: ${prefix}"${formatGo(type, value)}"\n`
  }
}

function isSame(type: GoType, old: unknown, current: unknown): boolean {
  if (old === current) return true
  const diff = new Diff()
  const wrapper: StructType = {
    kind: 'struct',
    name: '',
    fields: [{json: 'item', go: 'Item', type, always: true}],
    byJson: new Map(),
  }
  diff.struct(wrapper, {item: old}, {item: current}, '')
  return diff.lines.length === 0
}

function sameQuantity(old: unknown, current: unknown): boolean {
  const nano = (value: unknown): bigint =>
    parseQuantity(typeof value === 'string' ? value : '0').nano
  return nano(old) === nano(current)
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
