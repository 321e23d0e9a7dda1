import type {HeaderOperations} from '../../api/istio/v1beta1.ts'
import type {HeaderFields} from '../../http/header-fields.ts'

/** Changes to the fields of a message, ready to be applied. */
export interface CompiledHeaderOperations {
  readonly remove: readonly string[]
  readonly set: readonly (readonly [name: string, value: string])[]
  readonly add: readonly (readonly [name: string, value: string])[]
  /** What `set` says of `Host` or `:authority`, which is no field here. */
  readonly authority: string | undefined
}

/** Undefined when there is nothing to do. */
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
  return Object.entries(record ?? {}).map(([name, value]) => [name.toLowerCase(), value])
}
