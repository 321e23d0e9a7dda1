/** What a registry wants to know before it answers. */
export interface Challenge {
  /** In lower case: `basic` or `bearer`. */
  readonly scheme: string
  /** `realm`, `service`, … */
  readonly parameters: Readonly<Record<string, string>>
}

/** Reads a `www-authenticate` field (RFC 9110 §11.6.1). */
export function parseChallenge(text: string): Challenge {
  const [scheme = ''] = text.split(' ', 1)
  const parameters: Record<string, string> = {}
  for (const [, name = '', quoted, bare = ''] of text
    .slice(scheme.length)
    .matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    parameters[name.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare
  }
  return {scheme: scheme.toLowerCase(), parameters}
}
