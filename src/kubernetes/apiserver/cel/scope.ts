import type {CelValue} from './values.ts'

/** The variables of an expression; macros put theirs before those around them. */
export interface Scope {
  readonly name: string
  readonly value: CelValue
  readonly outer: Scope | undefined
}

const ESCAPES: Readonly<Record<string, string>> = {
  __underscores__: '__',
  __dot__: '.',
  __dash__: '-',
  __slash__: '/',
}

/** The field that a name stands for: `my__dash__field`, and `__in__` for words of the language. */
export function fieldName(name: string): string {
  const reserved = /^__([a-z]+)__$/.exec(name)?.[1]
  if (reserved !== undefined && ESCAPES[name] === undefined) return reserved
  return name.replaceAll(/__(?:underscores|dot|dash|slash)__/g, (part) => ESCAPES[part] ?? part)
}
