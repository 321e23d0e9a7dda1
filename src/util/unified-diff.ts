/** Lines of context around a change. */
const CONTEXT = 3

type Line = readonly [mark: ' ' | '-' | '+', text: string]

/**
 * The differences of two texts in the format of `diff -u`, without the lines that name the files;
 * empty when there are none.
 */
export function unifiedDiff(before: string, after: string): string {
  const lines = diffLines(splitLines(before), splitLines(after))
  return hunks(lines)
    .map(([from, to]) => renderHunk(lines, from, to))
    .join('')
}

function splitLines(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Both texts in one list: what stays, what goes, what comes; as much stays as can. */
function diffLines(before: readonly string[], after: readonly string[]): Line[] {
  const start = commonStart(before, after)
  const end = commonEnd(before, after, start)
  const left = before.slice(start, before.length - end)
  const right = after.slice(start, after.length - end)
  const keep = (texts: readonly string[]): Line[] => texts.map((text) => [' ', text])
  return [
    ...keep(before.slice(0, start)),
    ...align(left, right),
    ...keep(before.slice(before.length - end)),
  ]
}

function commonStart(before: readonly string[], after: readonly string[]): number {
  let count = 0
  while (count < before.length && count < after.length && before[count] === after[count]) count += 1
  return count
}

function commonEnd(before: readonly string[], after: readonly string[], start: number): number {
  const most = Math.min(before.length, after.length) - start
  let count = 0
  while (count < most && before.at(-1 - count) === after.at(-1 - count)) count += 1
  return count
}

/** The longest common subsequence, by the table of the lengths of what is left to compare. */
function align(left: readonly string[], right: readonly string[]): Line[] {
  const width = right.length + 1
  const lengths = new Uint32Array((left.length + 1) * width)
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        left[row] === right[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const lines: Line[] = []
  let [row, column] = [0, 0]
  while (row < left.length || column < right.length) {
    const [gone = '', come = ''] = [left[row], right[column]]
    if (row < left.length && column < right.length && gone === come) {
      lines.push([' ', gone])
      row += 1
      column += 1
    } else if (
      row < left.length &&
      (column === right.length || at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push(['-', gone])
      row += 1
    } else {
      lines.push(['+', come])
      column += 1
    }
  }
  return lines
}

/** Ranges of lines to show: each change with its context, those that touch as one. */
function hunks(lines: readonly Line[]): [from: number, to: number][] {
  const ranges: [number, number][] = []
  for (const [index, [mark]] of lines.entries()) {
    if (mark === ' ') continue
    const from = Math.max(0, index - CONTEXT)
    const to = Math.min(lines.length, index + CONTEXT + 1)
    const last = ranges.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = to
    else ranges.push([from, to])
  }
  return ranges
}

function renderHunk(lines: readonly Line[], from: number, to: number): string {
  const shown = lines.slice(from, to)
  const place = (other: '-' | '+'): string => {
    const count = (part: readonly Line[]): number => part.filter(([mark]) => mark !== other).length
    const length = count(shown)
    // A side without lines is named by the line before it.
    const first = count(lines.slice(0, from)) + (length === 0 ? 0 : 1)
    return length === 1 ? `${first}` : `${first},${length}`
  }
  const body = shown.map(([mark, text]) => `${mark}${text}\n`).join('')
  return `@@ -${place('+')} +${place('-')} @@\n${body}`
}
