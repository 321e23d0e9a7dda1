/** Which commands a plugin is for, by the name of its file. */

/** What the files of plugins begin with; the first is looked for first. */
const PLUGIN_PREFIXES = ['kntool-', 'kn-'] as const

const WINDOWS_ENDINGS = /\.(bat|cmd|com|exe|ps1)$/i

/**
 * The names that may stand for command words, the longest command first, without a file's ending.
 * A dash inside a word is an underscore in the name: `log-all` is `kn-log_all`.
 *
 * Words from the first that has a path separator on are left out: they are arguments.
 */
export function candidateNames(
  words: readonly string[],
): {readonly name: string; readonly words: readonly string[]}[] {
  const end = words.findIndex((word) => /[/\\]/.test(word))
  const usable = end < 0 ? words : words.slice(0, end)
  return usable.flatMap((_, index) => {
    const command = usable.slice(0, usable.length - index)
    const suffix = command.map((word) => word.replaceAll('-', '_')).join('-')
    return PLUGIN_PREFIXES.map((prefix) => ({name: prefix + suffix, words: command}))
  })
}

/** The command words a file is for; undefined if it is no plugin. */
export function commandWords(file: string): string[] | undefined {
  const prefix = PLUGIN_PREFIXES.find((candidate) => file.startsWith(candidate))
  const name = withoutEnding(file).slice(prefix?.length ?? 0)
  if (prefix === undefined || name === '') return undefined
  return name.split('-').map((word) => word.replaceAll('_', '-'))
}

/** A file's name without the ending that Windows runs. */
export function withoutEnding(file: string): string {
  return file.replace(WINDOWS_ENDINGS, '')
}
