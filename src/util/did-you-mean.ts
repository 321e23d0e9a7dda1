/** Which of `known` somebody who typed `given` may have meant: at most three, the closest first. */
export function didYouMean(given: string, known: readonly string[]): string[] {
  const limit = Math.max(1, Math.floor(given.length / 3))
  return known
    .map((name) => ({name, distance: editDistance(given, name)}))
    .filter(({name, distance}) => distance <= limit || (given.length > 2 && name.startsWith(given)))
    .toSorted((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1))
    .slice(0, 3)
    .map(({name}) => name)
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other. */
export function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({length: to.length + 1}, (_, column) => column)]
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const above = rows[row - 1] ?? []
      const same = from[row - 1] === to[column - 1]
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (rows[row - 2]?.[column - 2] ?? 0) + 1 : Infinity,
        ),
      )
    }
    rows.push(current)
  }
  return rows[from.length]?.[to.length] ?? 0
}
