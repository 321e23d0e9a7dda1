/**
 * The library as it is published: what users get has no types to strip at start, so sources would
 * measure something else. Needs `npm run build`.
 */
export function built(): Promise<typeof import('../../src/index.ts')> {
  const path = new URL('../../dist/index.js', import.meta.url).href
  return import(path) as Promise<typeof import('../../src/index.ts')>
}
