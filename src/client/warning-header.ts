/** The texts of `Warning` header fields: `299 - "text"`, several to a field, quotes escaped. */
export function parseWarnings(fields: readonly string[]): string[] {
  const warning = /\d{3} \S+ "((?:[^"\\]|\\.)*)"/g
  return fields.flatMap((field) =>
    [...field.matchAll(warning)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1')),
  )
}
