import {readFileSync} from 'node:fs'
import {SourceMap} from 'node:module'
import {fileURLToPath} from 'node:url'

/**
 * A stack trace of the bundle in terms of the sources it was made from.
 *
 * Lines without a source map stay as they are. Read only when a stack is shown: the maps are larger
 * than the program.
 */
export function mapStack(stack: string): string {
  const maps = new Map<string, SourceMap | undefined>()
  return stack.replaceAll(
    /(file:\/\/[^\s()]+?):(\d+):(\d+)/g,
    (original, url: string, line: string, column: string) => {
      if (!maps.has(url)) maps.set(url, loadMap(url))
      const entry = maps.get(url)?.findEntry(Number(line) - 1, Number(column) - 1)
      if (entry === undefined || !('originalSource' in entry)) return original
      const source = URL.canParse(entry.originalSource, url)
        ? fileURLToPath(new URL(entry.originalSource, url))
        : entry.originalSource
      return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    },
  )
}

function loadMap(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${url}.map`), 'utf8')))
  } catch {
    return undefined
  }
}
