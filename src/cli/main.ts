/** From the words of a command line to an exit code. */
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {Config} from '@oclif/core/config'
import type {KntoolError} from '../errors/kntool-error.ts'
import {explainError} from '../operations/explain-error.ts'
import {type CommandTable, nextWords, resolveCommand} from './command-table.ts'
import {didYouMean} from './did-you-mean.ts'
import {
  exitCodeOf,
  type Interruption,
  interruption,
  listenForInterruptions,
} from './interruption.ts'
import {renderError, renderErrorJson} from './render-error.ts'
import {usageError} from './usage-error.ts'

/** Where the program is. */
export interface Program {
  /** The folder of the package, with a slash at its end. */
  readonly root: string
  /** Whether the commands come from `dist` or, as TypeScript, from the repository. */
  readonly built: boolean
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
  try {
    await run(argv, program)
  } catch (error) {
    process.exitCode = await report(error, argv)
  } finally {
    clearInterval(alive)
  }
  if (interruption.signal.aborted) {
    process.exitCode = exitCodeOf(interruption.signal.reason as Interruption)
  }
}

async function run(argv: string[], program: Program): Promise<void> {
  const pjson = JSON.parse(readFileSync(join(program.root, 'package.json'), 'utf8'))
  const commandsRoot = program.built ? join(program.root, 'dist') : program.root
  const table = program.built
    ? (JSON.parse(readFileSync(join(commandsRoot, 'oclif.manifest.json'), 'utf8')) as CommandTable)
    : await scanCommands(commandsRoot, pjson)
  if (argv[0] === '--version') {
    process.stdout.write(
      `kntool/${pjson.version} ${process.platform}-${process.arch} node-${process.version}\n`,
    )
    return
  }
  const asksForHelp = wantsHelp(argv)
  const words = argv[0] === 'help' ? argv.slice(1) : argv
  const found = resolveCommand(words, table)
  if (found.kind === 'topic') {
    if (found.unknown !== undefined) throw unknownCommand(found.path, found.unknown, table)
    const {showHelp} = await import('./help.ts')
    await showHelp(found.path, {root: commandsRoot, pjson})
    return
  }
  if (asksForHelp) {
    const {showHelp} = await import('./help.ts')
    await showHelp(found.id.split(':'), {root: commandsRoot, pjson})
    return
  }
  const file = `commands/${found.id.replaceAll(':', '/')}${program.built ? '.js' : '.ts'}`
  const {default: command} = (await import(pathToFileURL(join(commandsRoot, file)).href)) as {
    default: CommandClass
  }
  command.id = found.id
  await command.execute(found.argv, lightConfig(commandsRoot, pjson))
}

/** What `main` needs of a class derived from BaseCommand. */
interface CommandClass {
  id: string
  execute(argv: string[], config: Config): Promise<void>
}

/**
 * What a command needs of oclif's configuration. The whole of it (plugins, shell, themes) takes
 * half as long to load as Node itself, and serves only help.
 */
function lightConfig(root: string, pjson: Config['pjson']): Config {
  const config = new Config({root, pjson})
  return Object.assign(config, {
    root,
    pjson,
    name: pjson.name,
    bin: pjson.oclif.bin,
    version: pjson.version,
    userAgent: `${pjson.name}/${pjson.version}`,
    topicSeparator: ' ' as const,
  })
}

async function scanCommands(root: string, pjson: Config['pjson']): Promise<CommandTable> {
  const {loadConfig} = await import('./help.ts')
  const config = await loadConfig({root, pjson})
  return {
    commands: Object.fromEntries(
      config.commands.map(({id, summary, hidden, flags}) => [
        id,
        {id, flags, hidden, ...(summary !== undefined && {summary})},
      ]),
    ),
  }
}

function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  return argv[0] === 'help' || words.includes('--help') || words.includes('-h')
}

function unknownCommand(path: readonly string[], word: string, table: CommandTable): KntoolError {
  const command = ['kntool', ...path].join(' ')
  const known = nextWords(path, table)
  const similar = didYouMean(word, known).map((name) => `"${command} ${name}"`)
  const message =
    path.length === 0
      ? `unknown command "${word}" for "kntool"`
      : `unknown sub-command '${word}' for '${command}'. Available sub-commands: ${known.join(', ')}`
  return usageError(message, command, similar)
}

async function report(error: unknown, argv: readonly string[]): Promise<number> {
  // Whatever an interrupted operation failed with, the interruption is the reason.
  if (interruption.signal.aborted) return exitCodeOf(interruption.signal.reason as Interruption)
  const explained = explainError(error)
  process.stderr.write(wantsJson(argv) ? renderErrorJson(explained) : renderError(explained))
  if (process.env['KNTOOL_DEBUG'] && explained.cause instanceof Error) {
    const {mapStack} = await import('./map-stack.ts')
    process.stderr.write(`${mapStack(explained.cause.stack ?? '')}\n`)
  }
  return explained.exitCode
}

// Looked up in the words themselves: the command line may be what is wrong.
function wantsJson(argv: readonly string[]): boolean {
  const joined = argv.some((word) => /^(-o=?json|--output=json)$/.test(word))
  const pair = argv.some(
    (word, index) => /^(-o|--output)$/.test(word) && argv[index + 1] === 'json',
  )
  return joined || pair || process.env['KNTOOL_OUTPUT'] === 'json'
}
