/** The order of two texts by their code units, as Go compares strings; for `sort`. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
