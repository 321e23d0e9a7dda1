import type {HeaderOperations} from '../../api/istio/v1beta1.ts'
import {isFieldValue, isToken} from '../../http/field-names.ts'
import {type HeaderFields, toFieldValue} from '../../http/header-fields.ts'

/** Changes to the fields of a message, ready to be applied. */
export interface CompiledHeaderOperations {
  readonly remove: readonly string[]
  readonly set: readonly (readonly [name: string, value: string])[]
  readonly add: readonly (readonly [name: string, value: string])[]
  /** What `set` says of `Host` or `:authority`, which is no field here. */
  readonly authority: string | undefined
}

/**
 * Undefined when there is nothing to do.
 *
 * @throws Error naming the first field that could not be written into a message.
 */
export function compileHeaderOperations(
  operations: HeaderOperations | undefined,
): CompiledHeaderOperations | undefined {
  if (operations === undefined) return undefined
  const set = lowerCaseEntries(operations.set)
  const isAuthority = ([name]: readonly [string, string]): boolean =>
    name === 'host' || name === ':authority'
  const compiled: CompiledHeaderOperations = {
    remove: (operations.remove ?? []).map((name) => name.toLowerCase()),
    set: set.filter((entry) => !isAuthority(entry)),
    add: lowerCaseEntries(operations.add),
    authority: set.find(isAuthority)?.[1],
  }
  const isEmpty = compiled.remove.length + set.length + compiled.add.length === 0
  return isEmpty ? undefined : compiled
}

/** Removes first, as Envoy does: a field may be removed and then set anew. */
export function applyHeaderOperations(
  headers: HeaderFields,
  operations: CompiledHeaderOperations,
): void {
  for (const name of operations.remove) headers.delete(name)
  for (const [name, value] of operations.set) headers.set(name, value)
  for (const [name, value] of operations.add) headers.add(name, value)
}

function lowerCaseEntries(record: Record<string, string> | undefined): [string, string][] {
  return Object.entries(record ?? {}).map(([name, text]) => {
    const value = toFieldValue(text)
    if (!(isToken(name) || name === ':authority') || !isFieldValue(value)) {
      throw new Error(`header operation on ${JSON.stringify(name)} is no header field`)
    }
    return [name.toLowerCase(), value]
  })
}
