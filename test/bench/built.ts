import type * as Library from '../../src/index.ts'

/**
 * The library as it is published: what users get has no types to strip at start, so sources would
 * measure something else. Needs `npm run build`.
 */
export function built(): Promise<typeof Library> {
  const path = new URL('../../dist/index.js', import.meta.url).href
  return import(path) as Promise<typeof Library>
}
