/** Options of a connection that name no field, and the field that nobody may take away by name. */
const NEVER_LISTED = new Set(['', 'close', 'keep-alive', 'content-length'])

/**
 * Header fields of one message, in order, duplicates kept.
 *
 * A flat list instead of a map: a message has about ten fields, a scan over them costs less than
 * building a map, and nothing is lost (two `set-cookie` fields stay two).
 *
 * Every name passed in or handed out is lower-case. Callers write names as literals in lower case;
 * names of unknown origin go through `toLowerCase()` first. Values have one character per byte, so
 * that bytes beyond ASCII arrive as they came.
 */
export class HeaderFields {
  /** Names and values in turn: `[name, value, name, value, …]`. Read it, do not keep it. */
  readonly flat: string[]

  /** Takes `flat` as its own; names must be lower-case already. */
  constructor(flat: string[] = []) {
    this.flat = flat
  }

  /** Fields of an object; arrays become several fields, undefined ones are left out. */
  static from(record: Record<string, string | readonly string[] | undefined>): HeaderFields {
    const fields = new HeaderFields()
    for (const name of Object.keys(record)) {
      const value = record[name]
      if (value === undefined) continue
      if (typeof value === 'string') fields.flat.push(name.toLowerCase(), value)
      else for (const item of value) fields.flat.push(name.toLowerCase(), item)
    }
    return fields
  }

  /** The value of the first field of that name. */
  get(name: string): string | undefined {
    const {flat} = this
    for (let at = 0; at < flat.length; at += 2) {
      if (flat[at] === name) return flat[at + 1]
    }
    return undefined
  }

  /** All values of that name, in order. */
  getAll(name: string): string[] {
    const values: string[] = []
    for (const [key, value] of this) {
      if (key === name) values.push(value)
    }
    return values
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** Leaves exactly one field of that name. Keeps the place of the first one. */
  set(name: string, value: string): void {
    const {flat} = this
    for (let at = 0; at < flat.length; at += 2) {
      if (flat[at] !== name) continue
      flat[at + 1] = value
      this.#removeFrom(at + 2, name)
      return
    }
    flat.push(name, value)
  }

  /** Adds a field, whether or not one of that name is there. */
  add(name: string, value: string): void {
    this.flat.push(name, value)
  }

  /** Appends to the comma-separated list in the field of that name, or begins it. */
  addToList(name: string, value: string): void {
    const {flat} = this
    for (let at = 0; at < flat.length; at += 2) {
      if (flat[at] === name) {
        flat[at + 1] = `${flat[at + 1]}, ${value}`
        return
      }
    }
    flat.push(name, value)
  }

  /** Removes every field of that name. */
  delete(name: string): void {
    this.#removeFrom(0, name)
  }

  /** Removes the fields that a field `connection` of this value lists, as RFC 9110 §7.6.1 asks. */
  deleteListed(connection: string): void {
    // By far the most frequent values name no field.
    if (connection === 'keep-alive' || connection === 'close') return
    for (const token of connection.split(',')) {
      const name = token.trim().toLowerCase()
      if (!NEVER_LISTED.has(name)) this.delete(name)
    }
  }

  /** Names and values as pairs, in order. */
  *[Symbol.iterator](): Generator<[name: string, value: string]> {
    const {flat} = this
    for (let at = 0; at < flat.length; at += 2) yield [flat[at] ?? '', flat[at + 1] ?? '']
  }

  /** A copy that shares nothing. */
  clone(): HeaderFields {
    return new HeaderFields([...this.flat])
  }

  /** As a record without a prototype: any name may come. Fields of the same name become an array. */
  toRecord(): Record<string, string | string[]> {
    const record = Object.create(null) as Record<string, string | string[]>
    for (const [name, value] of this) {
      const before = record[name]
      if (before === undefined) record[name] = value
      else if (typeof before === 'string') record[name] = [before, value]
      else before.push(value)
    }
    return record
  }

  #removeFrom(start: number, name: string): void {
    const {flat} = this
    for (let at = start; at < flat.length;) {
      if (flat[at] === name) flat.splice(at, 2)
      else at += 2
    }
  }
}

/** Any text as the value of a field: the bytes of its UTF-8, one character each. */
export function toFieldValue(text: string): string {
  return Buffer.from(text).toString('latin1')
}
