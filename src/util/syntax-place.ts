import {YamlError} from './yaml/yaml-error.ts'

/**
 * Where a JSON or YAML text stops making sense: `line 3, column 7`.
 *
 * Without the words of the parser, which quote the text: it may have secrets. Empty when the error does
 * not say where.
 */
export function syntaxPlace(error: unknown, text: string): string {
  if (error instanceof YamlError) return error.line === undefined ? '' : `line ${error.line}`
  const message = error instanceof Error ? error.message : ''
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position === undefined) return ''
  const before = text.slice(0, Number(position)).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
