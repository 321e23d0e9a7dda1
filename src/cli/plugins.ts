/** Plugins on the command line: what is no command of ours may be one of theirs. */
import {isJsonObject} from '../util/json.ts'
import {
  findPlugin,
  listPlugins,
  pluginFolders,
  searchPath,
} from '../operations/plugin/find-plugins.ts'
import {runPlugin} from '../operations/plugin/run-plugin.ts'
import {type CommandTable, resolveCommand} from './command-table.ts'
import {findConfigFile} from './config/config-file.ts'
import {parseDocuments, readInput} from './input-files.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Runs the plugin for a command line that names no command of ours. Resolves with its exit status,
 * or undefined if there is no such plugin.
 *
 * `path` are the words that name a topic of ours, `unknown` the one after them. Our own commands always
 * win, so that a file on the PATH never changes what they do.
 */
export async function runAsPlugin(
  argv: readonly string[],
  {path, unknown}: {readonly path: readonly string[]; readonly unknown: string},
  context: {readonly table: CommandTable; readonly env: Environment; readonly signal: AbortSignal},
): Promise<number | undefined> {
  const following = argv.slice(argv.indexOf(unknown) + 1)
  const flag = following.findIndex((word) => word.startsWith('-'))
  const words = [...path, unknown, ...(flag < 0 ? following : following.slice(0, flag))]
  const folders = await foldersFor(argv, context.env)
  const plugin = findPlugin(words, folders)
  if (plugin === undefined) return undefined
  const args = argumentsFor(plugin.words, argv, context.table)
  return runPlugin(plugin, args, context.signal)
}

/**
 * The plugins that are commands directly below a topic, or of the program, with their files; those a
 * command of ours hides are left out. Empty where the folders cannot be told: help is shown all the same.
 */
export async function pluginsBelow(
  path: readonly string[],
  {argv, table, env}: {argv: readonly string[]; table: CommandTable; env: Environment},
): Promise<{name: string; summary: string}[]> {
  try {
    const {plugins} = listPlugins(await foldersFor(argv, env), () => false)
    return plugins
      .filter(({words}) => words.length === path.length + 1)
      .filter(({words}) => path.every((word, index) => words[index] === word))
      .filter(({words}) => !isBuiltIn(words, table))
      .map(({words, path: file}) => ({name: words.at(-1) ?? '', summary: file}))
  } catch {
    return []
  }
}

/** Whether words name a command or topic of ours, which always wins over a plugin. */
export function isBuiltIn(words: readonly string[], table: CommandTable): boolean {
  const named = resolveCommand(words, table)
  return named.kind === 'command' || named.unknown === undefined
}

async function foldersFor(argv: readonly string[], env: Environment): Promise<string[]> {
  const configured = await configuredPluginFolders(env, {
    config: lastValue(argv, '--config'),
    'plugins-dir': lastValue(argv, '--plugins-dir'),
  })
  return searchPath(configured, env)
}

// The command line without the words that name the plugin, which may be other words for ours: `ksvc log`.
function argumentsFor(
  names: readonly string[],
  argv: readonly string[],
  table: CommandTable,
): string[] {
  let next = 0
  return argv.filter((word) => {
    const path = [...names.slice(0, next), word]
    const isNext =
      next < names.length && (word === names[next] || topicPath(path, table)[next] === names[next])
    if (isNext) next += 1
    return !isNext
  })
}

function topicPath(words: readonly string[], table: CommandTable): readonly string[] {
  const named = resolveCommand(words, table)
  return named.kind === 'topic' ? named.path : []
}

/** The value of a flag where the command is not known yet, and so not which flags it has. */
function lastValue(argv: readonly string[], flag: string): string | undefined {
  const index = argv.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`))
  const word = argv[index]
  return word === flag ? argv[index + 1] : word?.slice(flag.length + 1)
}

/** The flags that say where plugins are. */
interface PluginFlagValues {
  readonly config?: string | undefined
  readonly 'plugins-dir'?: string | undefined
}

/**
 * The folders made for plugins: `--plugins-dir` or `KNTOOL_PLUGINS_DIR`, else `plugins.directory` of
 * the configuration file (`plugins-dir` in old ones of kn), else the usual ones.
 */
export async function configuredPluginFolders(
  env: Environment,
  flags: PluginFlagValues,
): Promise<string[]> {
  const given = flags['plugins-dir'] || env['KNTOOL_PLUGINS_DIR']
  return pluginFolders(env, given || (await readConfigured(env, flags.config)))
}

async function readConfigured(
  env: Environment,
  config: string | undefined,
): Promise<string | undefined> {
  const path = config || env['KNTOOL_CONFIG'] || findConfigFile(env)
  if (path === undefined) return undefined
  const [document] = await parseDocuments(await readInput(path, '--config'), path)
  if (!isJsonObject(document)) return undefined
  const {plugins, 'plugins-dir': legacy} = document
  const directory = isJsonObject(plugins) ? plugins['directory'] : legacy
  return typeof directory === 'string' ? directory : undefined
}
