import {cloneJson, jsonEqual, ownField, setField, type JsonObject} from './json.ts'
import {parseJsonPointer} from './json-pointer.ts'

/** One operation of a JSON patch (RFC 6902). An absent `value` counts as null. */
export interface JsonPatchOperation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

/** What all copies of one patch may add, as in kube-apiserver: copies of copies double each time. */
const MAX_COPIED_BYTES = 3 * 1024 * 1024

/** An operation that does not apply to the document. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError'
  readonly operation: JsonPatchOperation

  constructor(operation: JsonPatchOperation, why: string) {
    super(`${operation.op} operation does not apply: ${why}`)
    this.operation = operation
  }
}

/**
 * The document after all `operations`, in their order; the input stays as it is and shares what
 * did not change with the result. Throws a {@link JsonPatchError} at the first that does not apply.
 *
 * Costs what the document and the operations have together, not one times the other: each list and
 * map is copied at most once, however many operations change it.
 *
 * Differs from RFC 6902 where evanphx/json-patch 4, which kube-apiserver uses, does:
 *
 * | operation                                | RFC     | here                       |
 * | ---------------------------------------- | ------- | -------------------------- |
 * | `replace` of a missing field             | refused | adds it                    |
 * | `copy` of a missing field                | refused | copies null                |
 * | `test` of a missing field against null   | refused | passes                     |
 * | index -1 of a list                       | refused | the last item, -2 before it |
 * | `add`, `remove`, `move`, `copy` at the root | allowed | refused                 |
 */
export function applyJsonPatch(
  document: unknown,
  operations: readonly JsonPatchOperation[],
): unknown {
  const patched = new PatchedDocument(document)
  for (const operation of operations) patched.apply(operation)
  return patched.root
}

type Container = JsonObject | unknown[]

/** Why an edit of one container is not possible; becomes a {@link JsonPatchError}. */
class EditError extends Error {}

class PatchedDocument {
  root: unknown
  /** The containers that were copied already, each of them in one place of the document only. */
  readonly #owned = new WeakSet<Container>()
  #copiedBytes = 0

  constructor(root: unknown) {
    this.root = root
  }

  apply(operation: JsonPatchOperation): void {
    try {
      this.#apply(operation)
    } catch (error) {
      if (error instanceof EditError) throw new JsonPatchError(operation, error.message)
      throw error
    }
  }

  #apply(operation: JsonPatchOperation): void {
    const path = parseJsonPointer(operation.path)
    const {value = null} = operation
    switch (operation.op) {
      case 'add':
        return this.#edit(path, operation, (container, key) => add(container, key, value))
      case 'remove':
        return this.#edit(path, operation, remove)
      case 'replace':
        if (operation.path === '') this.root = rootOf(operation, value)
        else this.#edit(path, operation, (container, key) => replace(container, key, value))
        return
      case 'test':
        if (!jsonEqual(path.length === 0 ? this.root : this.#read(path, operation), value)) {
          throw new JsonPatchError(operation, `the value at ${operation.path} is another one`)
        }
        return
      case 'move': {
        const from = parseJsonPointer(fromOf(operation))
        const moved = this.#read(from, operation)
        this.#edit(from, operation, remove)
        return this.#edit(path, operation, (container, key) => add(container, key, moved))
      }
      case 'copy': {
        const copied = this.#copy(this.#read(parseJsonPointer(fromOf(operation)), operation))
        return this.#edit(path, operation, (container, key) => add(container, key, copied))
      }
      default:
        throw new JsonPatchError(operation, `there is no operation ${JSON.stringify(operation.op)}`)
    }
  }

  /** Changes the container at the end of `path`, which becomes the document's own, as all above it. */
  #edit(
    path: readonly string[],
    operation: JsonPatchOperation,
    change: (container: Container, key: string) => void,
  ): void {
    const key = path.at(-1)
    if (key === undefined) throw new JsonPatchError(operation, 'the path names no field')
    let container = this.#own(this.root, operation)
    this.root = container
    for (const step of path.slice(0, -1)) {
      const child = this.#own(field(container, step), operation)
      replace(container, step, child)
      container = child
    }
    change(container, key)
  }

  #own(value: unknown, operation: JsonPatchOperation): Container {
    if (!isContainer(value)) throw missing(operation)
    if (this.#owned.has(value)) return value
    const copy = Array.isArray(value) ? [...(value as unknown[])] : {...value}
    this.#owned.add(copy)
    return copy
  }

  #read(path: readonly string[], operation: JsonPatchOperation): unknown {
    if (path.length === 0) throw missing(operation)
    let value = this.root
    for (const key of path) {
      if (!isContainer(value)) throw missing(operation)
      value = field(value, key)
    }
    return value ?? null
  }

  /** Nothing of the copy is shared: what is in one place only can be changed where it is. */
  #copy(value: unknown): unknown {
    this.#copiedBytes += Buffer.byteLength(JSON.stringify(value))
    if (this.#copiedBytes > MAX_COPIED_BYTES) {
      throw new EditError(
        `all copies together have ${this.#copiedBytes} bytes, and may have ${MAX_COPIED_BYTES}`,
      )
    }
    return cloneJson(value)
  }
}

function fromOf(operation: JsonPatchOperation): string {
  if (operation.from === undefined) throw new JsonPatchError(operation, 'it has no from')
  return operation.from
}

function rootOf(operation: JsonPatchOperation, value: unknown): Container {
  if (isContainer(value)) return value
  throw new JsonPatchError(operation, 'the whole document can only become an object or a list')
}

function add(container: Container, key: string, value: unknown): void {
  if (!Array.isArray(container)) setField(container, key, value)
  else if (key === '-') container.push(value)
  else container.splice(indexOf(key, container.length + 1), 0, value)
}

function replace(container: Container, key: string, value: unknown): void {
  if (Array.isArray(container)) container[indexOf(key, container.length)] = value
  else setField(container, key, value)
}

function remove(container: Container, key: string): void {
  if (Array.isArray(container)) container.splice(indexOf(key, container.length), 1)
  else if (Object.hasOwn(container, key)) delete container[key]
  else throw new EditError(`there is no field ${key}`)
}

function field(container: Container, key: string): unknown {
  return Array.isArray(container)
    ? container[indexOf(key, container.length)]
    : ownField(container, key)
}

/** The index that `key` means in a list of `length` places, which negative ones count from the end. */
function indexOf(key: string, length: number): number {
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN
  const counted = index < 0 ? index + length : index
  if (!(counted >= 0 && counted < length)) throw new EditError(`there is no index ${key}`)
  return counted
}

function missing(operation: JsonPatchOperation): JsonPatchError {
  return new JsonPatchError(operation, `the document has no ${operation.from ?? operation.path}`)
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}
