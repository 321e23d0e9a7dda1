import {
  isJsonObject,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json-value.ts'

/** What kubectl shows where there is nothing. */
export const NONE = '<none>'

/** A text, or `<none>`. */
export function orNone(text: string): string {
  return text === '' ? NONE : text
}

/** A map of labels as `a=b,c=d`, sorted; `<none>` without any. */
export function formatLabels(labels: unknown): string {
  if (!isJsonObject(labels)) return NONE
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${String(value)}`)
  return pairs.length === 0 ? NONE : pairs.toSorted().join(',')
}

/** A LabelSelector as `a=b,c in (d,e)`; `<none>` when it is missing. */
export function formatSelector(selector: unknown): string {
  if (!isJsonObject(selector)) return NONE
  const labels = selector['matchLabels']
  const pairs = isJsonObject(labels)
    ? Object.entries(labels).map(([name, value]) => `${name}=${String(value)}`)
    : []
  const expressions = objectsAt(selector, 'matchExpressions').map(formatExpression)
  const all = [...pairs, ...expressions].toSorted()
  return all.length === 0 ? NONE : all.join(',')
}

/** One expression of a LabelSelector in the form of the selector language. */
function formatExpression(expression: JsonObject): string {
  const key = stringAt(expression, 'key')
  const values = stringsAt(expression, 'values').toSorted().join(',')
  switch (expression['operator']) {
    case 'In':
      return `${key} in (${values})`
    case 'NotIn':
      return `${key} notin (${values})`
    case 'DoesNotExist':
      return `!${key}`
    default:
      return key
  }
}

/** The names of the containers of a pod spec. */
export function containerNames(podSpec: JsonObject): string {
  return objectsAt(podSpec, 'containers')
    .map((container) => stringAt(container, 'name'))
    .join(',')
}

/** The images of the containers of a pod spec. */
export function containerImages(podSpec: JsonObject): string {
  return objectsAt(podSpec, 'containers')
    .map((container) => stringAt(container, 'image'))
    .join(',')
}

/** The pod spec of a workload's template. */
export function templateSpec(object: JsonObject): JsonObject {
  return objectAt(objectAt(objectAt(object, 'spec'), 'template'), 'spec')
}

/** A count of the status or spec; 0 when it is missing. */
export function countAt(object: JsonObject, part: 'spec' | 'status', field: string): number {
  const value = objectAt(object, part)[field]
  return typeof value === 'number' ? value : 0
}
