/**
 * Text with tab-separated cells to aligned columns.
 *
 * Counterpart of Go's `text/tabwriter`, whose rules kn's output follows, so that it can be equal
 * to the byte: a column is a block of adjacent lines that have a cell there which a tab ends; a line
 * without it ends the block. So a line break inside a cell changes the alignment from there on.
 */

/** How cells are padded. */
export interface TabWriterOptions {
  readonly minWidth: number
  readonly padding: number
}

/** The settings of kn's and kubectl's tables. */
export const TABLE_TABS: TabWriterOptions = {minWidth: 6, padding: 3}

/** The settings of kn's and kubectl's descriptions. */
export const DESCRIBE_TABS: TabWriterOptions = {minWidth: 0, padding: 2}

/** Aligns `text`; the result ends as `text` does. */
export function alignTabs(text: string, options: TabWriterOptions): string {
  const lines = text.split('\n').map((line) => line.split('\t'))
  const widths: number[] = []
  const output: string[] = []
  formatBlock(0, lines.length)
  return output.join('\n')

  // Lines [from, to) have the columns in `widths`; finds the blocks of the next column among them.
  function formatBlock(from: number, to: number): void {
    const column = widths.length
    let written = from
    let line = from
    while (line < to) {
      if (column >= (lines[line]?.length ?? 0) - 1) {
        line += 1
        continue
      }
      writeLines(written, line)
      written = line
      while (line < to && column < (lines[line]?.length ?? 0) - 1) line += 1
      widths.push(widthOf(written, line, column))
      formatBlock(written, line)
      widths.pop()
      written = line
    }
    writeLines(written, to)
  }

  function widthOf(from: number, to: number, column: number): number {
    const cells = lines.slice(from, to).map((line) => line[column] ?? '')
    return Math.max(options.minWidth, ...cells.map((cell) => lengthOf(cell) + options.padding))
  }

  function writeLines(from: number, to: number): void {
    for (const cells of lines.slice(from, to)) {
      output.push(
        cells
          .map((cell, index) =>
            index < cells.length - 1
              ? cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(cell)))
              : cell,
          )
          .join(''),
      )
    }
  }
}

/** Characters, not UTF-16 units: an emoji is one. */
function lengthOf(cell: string): number {
  return Array.from(cell).length
}
