/**
 * The number that `value` means: itself, or as `25%` its share of `total`, rounded as told.
 *
 * Counterpart of `GetScaledValueFromIntOrPercent` in k8s.io/apimachinery `pkg/util/intstr`.
 */
export function scaledValue(
  value: number | string,
  total: number,
  round: (share: number) => number,
): number {
  if (typeof value === 'number') return value
  return round((Number.parseInt(value, 10) * total) / 100)
}
