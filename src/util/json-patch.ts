import {messageOf} from './message-of.ts'
import {jsonEqual, ownField, setField, type JsonObject} from './json.ts'
import {parseJsonPointer} from './json-pointer.ts'

/** One operation of a JSON patch (RFC 6902). An absent `value` counts as null. */
export interface JsonPatchOperation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

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
  let result = document
  for (const operation of operations) result = applyOperation(result, operation)
  return result
}

function applyOperation(document: unknown, operation: JsonPatchOperation): unknown {
  const path = parseJsonPointer(operation.path)
  const {value = null} = operation
  switch (operation.op) {
    case 'add':
      return edit(document, path, operation, (container, key) => add(container, key, value))
    case 'remove':
      return edit(document, path, operation, remove)
    case 'replace':
      if (operation.path === '') return replaceRoot(operation, value)
      return edit(document, path, operation, (container, key) => replace(container, key, value))
    case 'test':
      if (!jsonEqual(operation.path === '' ? document : read(document, path, operation), value)) {
        throw new JsonPatchError(operation, `the value at ${operation.path} is another one`)
      }
      return document
    case 'move': {
      const from = parseJsonPointer(fromOf(operation))
      const moved = read(document, from, operation)
      const without = edit(document, from, operation, remove)
      return edit(without, path, operation, (container, key) => add(container, key, moved))
    }
    case 'copy': {
      const copied = read(document, parseJsonPointer(fromOf(operation)), operation)
      return edit(document, path, operation, (container, key) => add(container, key, copied))
    }
    default:
      throw new JsonPatchError(operation, `there is no operation ${JSON.stringify(operation.op)}`)
  }
}

type Container = JsonObject | unknown[]

/** Why an edit of one container is not possible; becomes a {@link JsonPatchError}. */
class EditError extends Error {}

/** The document with the container at the end of `path` replaced by what `change` makes of it. */
function edit(
  document: unknown,
  path: readonly string[],
  operation: JsonPatchOperation,
  change: (container: Container, key: string) => Container,
): unknown {
  const [key, ...rest] = path
  if (key === undefined) throw new JsonPatchError(operation, 'the path names no field')
  if (!isContainer(document)) throw missing(operation)
  try {
    if (rest.length === 0) return change(document, key)
    const child = edit(field(document, key), rest, operation, change)
    return replace(document, key, child)
  } catch (error) {
    if (error instanceof EditError) throw new JsonPatchError(operation, error.message)
    throw error
  }
}

function read(document: unknown, path: readonly string[], operation: JsonPatchOperation): unknown {
  if (path.length === 0) throw missing(operation)
  let value = document
  for (const key of path) {
    if (!isContainer(value)) throw missing(operation)
    try {
      value = field(value, key)
    } catch (error) {
      throw new JsonPatchError(operation, messageOf(error))
    }
  }
  return value ?? null
}

function fromOf(operation: JsonPatchOperation): string {
  if (operation.from === undefined) throw new JsonPatchError(operation, 'it has no from')
  return operation.from
}

function replaceRoot(operation: JsonPatchOperation, value: unknown): unknown {
  if (!isContainer(value)) {
    throw new JsonPatchError(operation, 'the whole document can only become an object or a list')
  }
  return value
}

function add(container: Container, key: string, value: unknown): Container {
  if (!Array.isArray(container)) return withField(container, key, value)
  if (key === '-') return [...container, value]
  return container.toSpliced(indexOf(key, container.length + 1), 0, value)
}

function replace(container: Container, key: string, value: unknown): Container {
  if (!Array.isArray(container)) return withField(container, key, value)
  return container.with(indexOf(key, container.length), value)
}

function remove(container: Container, key: string): Container {
  if (Array.isArray(container)) return container.toSpliced(indexOf(key, container.length), 1)
  if (!Object.hasOwn(container, key)) throw new EditError(`there is no field ${key}`)
  const copy = {...container}
  delete copy[key]
  return copy
}

function field(container: Container, key: string): unknown {
  return Array.isArray(container)
    ? container[indexOf(key, container.length)]
    : ownField(container, key)
}

function withField(object: JsonObject, key: string, value: unknown): JsonObject {
  const copy = {...object}
  setField(copy, key, value)
  return copy
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
