/** Handing labels and annotations down to children. Counterpart of knative.dev/pkg `kmeta`. */
import type {ObjectMeta} from '../../api/meta/object.ts'

/** A copy without some keys. */
export function without(
  map: Readonly<Record<string, string>> | undefined,
  keys: readonly string[],
): Record<string, string> {
  const copy: Record<string, string> = {}
  for (const [key, value] of Object.entries(map ?? {})) {
    if (!keys.includes(key)) copy[key] = value
  }
  return copy
}

/** Annotations for a child, without some keys; absent rather than empty, as Go leaves them out. */
export function annotationsWithout(
  annotations: Readonly<Record<string, string>> | undefined,
  keys: readonly string[],
): Pick<ObjectMeta, 'annotations'> {
  const kept = without(annotations, keys)
  return Object.keys(kept).length > 0 ? {annotations: kept} : {}
}

/** The items of an annotation that is a list separated by commas, without doubles. */
export function listAnnotation(
  annotations: Readonly<Record<string, string>> | undefined,
  key: string,
): Set<string> {
  const text = annotations?.[key] ?? ''
  return new Set(text === '' ? [] : text.split(','))
}
