/** Letters after a backslash and what they stand for. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

const CHARACTER =
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))|([^\\])/suy

/**
 * The text inside quotes, single or double, its escapes replaced as in Go; undefined if it is not
 * well-formed.
 */
export function unquote(source: string): string | undefined {
  const quote = source.charAt(0)
  const inside = source.slice(1, -1)
  let text = ''
  CHARACTER.lastIndex = 0
  while (CHARACTER.lastIndex < inside.length) {
    const match = CHARACTER.exec(inside)
    if (match === null) return undefined
    const [, hex, short, long, octal, letter, plain] = match
    const code = hex ?? short ?? long
    if (code !== undefined) text += String.fromCodePoint(Number.parseInt(code, 16))
    else if (octal !== undefined) text += String.fromCodePoint(Number.parseInt(octal, 8))
    else if (letter !== undefined) {
      const escaped = letter === quote ? quote : ESCAPES[letter]
      if (escaped === undefined) return undefined
      text += escaped
    } else if (plain === quote || plain === undefined) return undefined
    else text += plain
  }
  return text
}
