/** From the words of a command line to an exit code. */
import {readFileSync} from 'node:fs'
import {join, sep} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Config} from '@oclif/core/config'
import {KntoolError} from '../errors/kntool-error.ts'
import {traceOf} from '../errors/trace.ts'
import {explainError} from '../operations/explain-error.ts'
import {type CommandTable, nextWords, resolveCommand} from './command-table.ts'
import {didYouMean} from '../util/did-you-mean.ts'
import {
  exitCodeOf,
  type Interruption,
  interruption,
  listenForInterruptions,
} from './interruption.ts'
import {type HelpEntry, renderTopicHelp} from '../ui/topic-help.ts'
import type {ProgramInfo} from './base-command.ts'
import {loadCommandTable} from './load-command-table.ts'
import {mapStack} from './map-stack.ts'
import {renderError, renderErrorJson} from './render-error.ts'
import {usageError} from './usage-error.ts'
import {writeError} from './write-error.ts'

/** What the scripts of `kntool completion` call. */
const COMPLETE = '__complete'

/** Commands of kn that have no place here. */
const EVENTING_TOPIC = /^(source|broker|trigger|channel|subscription|eventtype)s?$/

/** Where the program is. */
export interface Program {
  /** The folder of the package, with a slash at its end. */
  readonly root: string
  /** How each command is loaded, where they are bundled; without it they are files of `commands/`. */
  readonly commands?: Readonly<Record<string, () => Promise<CommandClass>>>
}

/** What `main` needs of a class derived from BaseCommand. */
export interface CommandClass {
  id: string
  execute(argv: string[], program: ProgramInfo): Promise<void>
}

/**
 * Runs a command line; sets the exit status of the process.
 *
 * Everything a command throws is rendered here, and only here.
 */
export async function main(argv: string[], program: Program): Promise<void> {
  listenForInterruptions()
  // Operations wait on a clock whose timers do not keep the process alive.
  const alive = setInterval(() => undefined, 2 ** 30)
  // The command line may be what is wrong; then its words have to do.
  let asJson = wantsJson(argv)
  try {
    await run(argv, program, (format) => {
      asJson = format === 'json'
    })
  } catch (error) {
    process.exitCode = report(error, asJson)
  } finally {
    clearInterval(alive)
  }
  if (interruption.signal.aborted) {
    process.exitCode = exitCodeOf(interruption.signal.reason as Interruption)
  }
}

async function run(
  argv: string[],
  program: Program,
  onOutput: (format: string) => void,
): Promise<void> {
  const pjson = JSON.parse(readFileSync(join(program.root, 'package.json'), 'utf8'))
  const help = {root: program.commands ? join(program.root, 'dist') : program.root, pjson}
  const table = await loadCommandTable(help)
  if (argv[0] === '--version') {
    process.stdout.write(
      `kntool/${pjson.version} ${process.platform}-${process.arch} node-${process.version}\n`,
    )
    return
  }
  if (argv[0] === COMPLETE) {
    const {complete} = await import('./completion/complete.ts')
    process.stdout.write(await complete(argv.slice(1), table, process.env))
    return
  }
  const asksForHelp = wantsHelp(argv)
  const words = argv[0] === 'help' ? argv.slice(1) : argv
  const found = resolveCommand(words, table)
  if (found.kind === 'topic') {
    if (found.unknown !== undefined) {
      const {path, unknown} = found
      const {runAsPlugin} = await import('./plugins.ts')
      const context = {table, env: process.env, signal: interruption.signal}
      const status = await runAsPlugin(words, {path, unknown}, context)
      if (status === undefined) throw unknownCommand(path, unknown, table)
      process.exitCode = status
      return
    }
    if (found.path.length > 0 && !asksForHelp && argv[0] !== 'help') {
      throw missingCommand(found.path, table)
    }
    const {pluginsBelow} = await import('./plugins.ts')
    const plugins = await pluginsBelow(found.path, {argv, table, env: process.env})
    process.stdout.write(topicHelp(found.path, table, pjson, plugins))
    return
  }
  if (asksForHelp) {
    await showHelp(found.id, help)
    return
  }
  const load = program.commands?.[found.id] ?? (() => loadSource(program.root, found.id))
  const command = await load()
  command.id = found.id
  await command.execute(found.argv, {...help, onOutput})
}

async function showHelp(id: string, program: ProgramInfo): Promise<void> {
  const [{loadCommandHelp}, {renderCommandHelp}] = await Promise.all([
    import('./load-command-help.ts'),
    import('../ui/command-help.ts'),
  ])
  const help = await loadCommandHelp(id, program)
  if (help !== undefined) process.stdout.write(renderCommandHelp(help, process.stdout.columns))
}

async function loadSource(root: string, id: string): Promise<CommandClass> {
  const file = join(root, 'commands', `${id.replaceAll(':', sep)}.ts`)
  const module = (await import(pathToFileURL(file).href)) as {default: CommandClass}
  return module.default
}

// Rendered here, not by oclif, whose configuration takes as long to load as all the rest.
function topicHelp(
  path: readonly string[],
  table: CommandTable,
  pjson: Config['pjson'] & {description?: string},
  plugins: readonly HelpEntry[],
): string {
  const topics = pjson.oclif.topics as Record<string, {description?: string}> | undefined
  const prefix = path.join(':')
  const entries = nextWords(path, table).map((name) => {
    const id = prefix === '' ? name : `${prefix}:${name}`
    const command = Object.hasOwn(table.commands, id) ? table.commands[id] : undefined
    const summary = command?.summary ?? topics?.[id]?.description ?? ''
    return {name, summary, isCommand: command !== undefined}
  })
  return renderTopicHelp({
    path,
    summary: prefix === '' ? (pjson.description ?? '') : (topics?.[prefix]?.description ?? ''),
    topics: entries.filter(({isCommand}) => !isCommand),
    commands: entries.filter(({isCommand}) => isCommand),
    plugins,
  })
}

function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  return argv[0] === 'help' || words.includes('--help') || words.includes('-h')
}

function missingCommand(path: readonly string[], table: CommandTable): KntoolError {
  const command = ['kntool', ...path].join(' ')
  const known = nextWords(path, table).join(', ')
  return usageError(
    `no sub-command given for '${command}'. Available sub-commands: ${known}`,
    command,
  )
}

function unknownCommand(path: readonly string[], word: string, table: CommandTable): KntoolError {
  const command = ['kntool', ...path].join(' ')
  const known = nextWords(path, table)
  if (path.length === 0 && EVENTING_TOPIC.test(word)) {
    return new KntoolError(
      'KN_USAGE',
      `unknown command "${word}" for "kntool": it belongs to Knative Eventing, and kntool is for Knative Serving`,
      {hint: `kn ${word} --help`},
    )
  }
  const similar = didYouMean(word, known).map((name) => `"${command} ${name}"`)
  const message =
    path.length === 0
      ? `unknown command "${word}" for "kntool"`
      : `unknown sub-command '${word}' for '${command}'. Available sub-commands: ${known.join(', ')}`
  return usageError(message, command, similar)
}

function report(error: unknown, asJson: boolean): number {
  // Whatever an interrupted operation failed with, the interruption is the reason.
  if (interruption.signal.aborted) return exitCodeOf(interruption.signal.reason as Interruption)
  const explained = explainError(error)
  writeError(asJson ? renderErrorJson(explained) : renderError(explained))
  if (process.env['KNTOOL_DEBUG'] && explained.cause !== undefined) {
    writeError(`${mapStack(traceOf(explained.cause))}\n`)
  }
  return explained.exitCode
}

function wantsJson(argv: readonly string[]): boolean {
  const joined = argv.some((word) => /^(-o=?json|--output=json)$/.test(word))
  const pair = argv.some(
    (word, index) => /^(-o|--output)$/.test(word) && argv[index + 1] === 'json',
  )
  return joined || pair || process.env['KNTOOL_OUTPUT'] === 'json'
}
