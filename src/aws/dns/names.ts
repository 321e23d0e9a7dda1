/** Names as Route 53 writes them. */

/** The name for people and comparisons: lower case, no dot at the end, `*` for `\052`. */
export function plainName(name: string): string {
  return name
    .replaceAll(/\\(\d{3})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 8)),
    )
    .toLowerCase()
    .replace(/\.$/, '')
}

/** The name as IAM conditions have it: `*` as `\052`. */
export function normalizedName(name: string): string {
  return plainName(name).replaceAll('*', '\\052')
}

/** The host an alias points to, without the prefix that consoles and dual-stack aliases have. */
export function plainTarget(name: string): string {
  return plainName(name).replace(/^dualstack\./, '')
}

/** The names above `domain`, itself first: `a.b.c`, `b.c`, `c`. */
export function parentsOf(domain: string): string[] {
  const labels = domain.split('.')
  return labels.map((_, index) => labels.slice(index).join('.'))
}
