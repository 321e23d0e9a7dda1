import type {KubeObject} from '../../../api/meta/object.ts'

/** A field that selectors know: what it is called, and how it is read as text. */
export type SelectableField = readonly [path: string, read: (object: KubeObject) => string]

/** The field at a dotted path. Where it is missing, `zero` is the value it stands for. */
export function selectable(path: string, zero = ''): SelectableField {
  const names = path.split('.')
  return [path, (object) => textAt(object, names) ?? zero]
}

/** The scalar at a path as text; undefined where it is missing or empty. */
export function textAt(object: KubeObject, names: readonly string[]): string | undefined {
  let value: unknown = object
  for (const name of names) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
