import type {LabelSelector} from '../apps/v1.ts'

/** Whether `labels` carry every pair of `wanted`. An empty selector selects everything. */
export function matchesLabels(
  labels: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  for (const key in wanted) {
    if (labels?.[key] !== wanted[key]) return false
  }
  return true
}

/** Whether `labels` satisfy a label selector. */
export function matchesSelector(
  labels: Readonly<Record<string, string>> | undefined,
  selector: LabelSelector,
): boolean {
  if (!matchesLabels(labels, selector.matchLabels ?? {})) return false
  return (selector.matchExpressions ?? []).every(({key, operator, values = []}) => {
    const value = labels?.[key]
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value)
      case 'NotIn':
        return value === undefined || !values.includes(value)
      case 'Exists':
        return value !== undefined
      case 'DoesNotExist':
        return value === undefined
    }
  })
}
