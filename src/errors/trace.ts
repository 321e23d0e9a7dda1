/**
 * Where an error and its causes come from: names, codes and frames, for `KNTOOL_DEBUG`.
 *
 * Without the messages: those of parsers and credential plugins quote what they were given.
 */
export function traceOf(error: unknown): string {
  const parts: string[] = []
  const seen = new Set<unknown>()
  for (let one = error; one instanceof Error && !seen.has(one); one = one.cause) {
    seen.add(one)
    const {code} = one as NodeJS.ErrnoException
    const frames = (one.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line))
    const name = code === undefined ? one.name : `${one.name} (${String(code)})`
    parts.push([`${parts.length === 0 ? '' : 'Caused by '}${name}`, ...frames].join('\n'))
  }
  return parts.join('\n')
}
