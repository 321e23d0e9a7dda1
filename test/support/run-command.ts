import {existsSync, readFileSync} from 'node:fs'
import {Readable} from 'node:stream'
import type {BaseCommand} from '../../src/cli/base-command.ts'
import {renderError, renderErrorJson} from '../../src/cli/render-error.ts'
import {writeError} from '../../src/cli/write-error.ts'
import {traceOf} from '../../src/errors/trace.ts'
import {explainError} from '../../src/operations/explain-error.ts'

/** What a command printed, and with what status it ended. */
export interface CommandRun {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** What surrounds a command. */
export interface CommandSurroundings {
  /** Variables on top of those of this process; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly stdin?: string
  readonly cwd?: string
}

const ROOT = new URL('../../', import.meta.url)
const PJSON = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'))

/**
 * Runs a command in this process: its streams are captured, its errors rendered as `main` does.
 *
 * Commands share the streams of the process, so that one runs after another.
 */
export async function runCommand(
  argv: readonly string[],
  surroundings: CommandSurroundings = {},
): Promise<CommandRun> {
  const {file, id, rest} = findCommand(argv)
  const {default: command} = (await import(file.href)) as {default: typeof BaseCommand}
  command.id = id
  const restore = surround(surroundings)
  const {env = {}} = surroundings
  const capture = captureStreams()
  const exitCodeBefore = process.exitCode
  process.exitCode = undefined
  try {
    await (command as unknown as Executable).execute(rest, {root: ROOT.pathname, pjson: PJSON})
    return {...capture.texts, exitCode: Number(process.exitCode ?? 0)}
  } catch (error) {
    const explained = explainError(error)
    writeError((env['KNTOOL_OUTPUT'] === 'json' ? renderErrorJson : renderError)(explained))
    if (env['KNTOOL_DEBUG'] && explained.cause !== undefined) {
      writeError(`${traceOf(explained.cause)}\n`)
    }
    return {...capture.texts, exitCode: explained.exitCode}
  } finally {
    capture.stop()
    restore()
    process.exitCode = exitCodeBefore
  }
}

interface Executable {
  execute(argv: string[], program: {root: string; pjson: unknown}): Promise<void>
}

function findCommand(argv: readonly string[]): {file: URL; id: string; rest: string[]} {
  for (const length of [2, 1]) {
    const words = argv.slice(0, length)
    const file = new URL(`commands/${words.join('/')}.ts`, ROOT)
    if (existsSync(file)) return {file, id: words.join(':'), rest: argv.slice(length)}
  }
  throw new Error(`no such command: ${argv.join(' ')}`)
}

function surround({env = {}, stdin, cwd}: CommandSurroundings): () => void {
  const before = {...process.env}
  const folder = process.cwd()
  const input = Object.getOwnPropertyDescriptor(process, 'stdin')
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  if (cwd !== undefined) process.chdir(cwd)
  if (stdin !== undefined) {
    const stream = Readable.from([Buffer.from(stdin)])
    Object.defineProperty(process, 'stdin', {value: stream, configurable: true})
  }
  return () => {
    process.env = before
    if (cwd !== undefined) process.chdir(folder)
    if (stdin !== undefined && input) Object.defineProperty(process, 'stdin', input)
  }
}

function captureStreams(): {texts: {stdout: string; stderr: string}; stop(): void} {
  const texts = {stdout: '', stderr: ''}
  const names = ['stdout', 'stderr'] as const
  const originals = names.map((name) => Object.getOwnPropertyDescriptor(process[name], 'write'))
  for (const name of names) {
    process[name].write = (chunk: string | Uint8Array): boolean => {
      texts[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
      return true
    }
  }
  return {
    texts,
    stop() {
      names.forEach((name, index) => {
        const original = originals[index]
        if (original) Object.defineProperty(process[name], 'write', original)
        else delete (process[name] as {write?: unknown}).write
      })
    },
  }
}
