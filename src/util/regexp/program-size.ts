/**
 * About how many instructions a pattern of RE2 becomes once its repetitions are written out, before
 * anybody writes them out. `(a{1000}b){5}` has ten characters and 5,005 instructions.
 */
export function programSize(pattern: string): number {
  const outer: number[] = []
  let total = 0
  let last = 0
  const add = (size: number): void => {
    total += size
    last = size
  }
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]
    if (char === '(') {
      outer.push(total)
      total = 0
    } else if (char === ')') {
      const group = total + 1
      total = outer.pop() ?? 0
      add(group)
    } else if (char === '[') {
      const end = classEnd(pattern, at)
      add(1)
      at = end
    } else if (char === '{') {
      const repeated = repetitions(pattern, at)
      if (repeated === undefined) add(1)
      else {
        total += last * (repeated.count - 1)
        last *= repeated.count
        at = repeated.end
      }
    } else {
      if (char === '\\') at++
      add(1)
    }
  }
  return outer.reduce((sum, part) => sum + part, total)
}

/** Where a class of characters ends; a bracket at its beginning is one of them. */
function classEnd(pattern: string, start: number): number {
  let at = start + 1
  if (pattern[at] === '^') at++
  if (pattern[at] === ']') at++
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
  return at
}

const COUNT = /\{(\d{1,9})(?:,(\d{0,9}))?\}/y

/** How often `{2,5}` writes its operand at most; undefined where the brace stands for itself. */
function repetitions(pattern: string, at: number): {count: number; end: number} | undefined {
  COUNT.lastIndex = at
  const [whole, least, most] = COUNT.exec(pattern) ?? []
  if (whole === undefined) return undefined
  // `{2,}` writes it twice, and once more for all others.
  const count = most === '' ? Number(least) + 1 : Number(most ?? least)
  return {count: Math.max(1, count), end: at + whole.length - 1}
}
