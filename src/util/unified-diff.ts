import {structuredPatch} from 'diff'

/** Lines of context around a change. */
const CONTEXT = 3

/**
 * The differences of two texts in the format of `diff -u`, without the lines that name the files;
 * empty when there are none.
 */
export function unifiedDiff(before: string, after: string): string {
  const {hunks} = structuredPatch('', '', before, after, undefined, undefined, {context: CONTEXT})
  return hunks
    .map(({oldStart, oldLines, newStart, newLines, lines}) => {
      const body = lines.map((line) => `${line}\n`).join('')
      return `@@ -${place(oldStart, oldLines)} +${place(newStart, newLines)} @@\n${body}`
    })
    .join('')
}

/** A side without lines is named by the line before it. */
function place(start: number, length: number): string {
  if (length === 0) return `${start - 1},0`
  return length === 1 ? `${start}` : `${start},${length}`
}
