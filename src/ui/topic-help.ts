/** What there is to type, for the program and its topics. */

/** A topic or command with its one line. */
export interface HelpEntry {
  readonly name: string
  readonly summary: string
}

/**
 * The help of the program (`path` empty) or of a topic.
 *
 * @example
 *   Manage Knative services
 *
 *   USAGE
 *     $ kntool service COMMAND
 *
 *   COMMANDS
 *     create    Create a service
 *     list      List services
 *
 *   kntool service COMMAND --help explains a command.
 */
export function renderTopicHelp(help: {
  readonly path: readonly string[]
  readonly summary: string
  readonly topics: readonly HelpEntry[]
  readonly commands: readonly HelpEntry[]
  readonly plugins: readonly HelpEntry[]
}): string {
  const {path, summary, topics, commands, plugins} = help
  const command = ['kntool', ...path].join(' ')
  return [
    summary,
    `USAGE\n  $ ${command} COMMAND`,
    ...section('TOPICS', topics),
    ...section('COMMANDS', commands),
    ...section('PLUGINS', plugins),
    `${command} ${topics.length > 0 ? '[TOPIC] ' : ''}COMMAND --help explains a command.\n`,
  ].join('\n\n')
}

function section(title: string, entries: readonly HelpEntry[]): string[] {
  if (entries.length === 0) return []
  const width = Math.max(...entries.map(({name}) => name.length))
  const lines = entries.map(({name, summary}) => `  ${name.padEnd(width)}  ${summary}`)
  return [`${title}\n${lines.join('\n')}`]
}
