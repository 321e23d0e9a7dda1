/** Takes out of recorded and live output what cannot be the same twice. */

const REPLACEMENTS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(?<![\w./-])kntool(?![\w-])/g, 'kn'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  // Messages on the way to Ready come as fast as the cluster is.
  [/^ *\d+\.\d+s (?!Ready to serve).*\n/gm, ''],
  [/ *\d+\.\d+s/g, ' <s>'],
  [/(resourceVersion"?: )"\d+"/g, '$1<rv>'],
  [/(?<=[\s(])(\d+[ywdhms]){1,2}(?=[\s)]|$)/gm, '<age>'],
  [/(creator|lastModifier)("?: ?|=)"?[\w:@.-]+"?/g, '$1$2<user>'],
  [/ {2,}/g, '  '],
  [/ +$/gm, ''],
]

/** Text without ages, times, ids and user names, columns pulled together. */
export function normalizeOutput(text: string): string {
  let normalized = text
  for (const [pattern, replacement] of REPLACEMENTS) {
    normalized = normalized.replaceAll(pattern, replacement)
  }
  return normalized.trimEnd()
}

/** A document without user names and times. */
export function normalizeSpec(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalizeSpec)
  if (typeof value === 'string') {
    return value.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(
    ([name]) => !/^serving\.knative\.dev\/(creator|lastModifier)$/.test(name),
  )
  return Object.fromEntries(entries.map(([name, item]) => [name, normalizeSpec(item)]))
}
