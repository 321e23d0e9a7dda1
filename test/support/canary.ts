/** A secret that is planted in what a command is given, and looked for in what it says. */
import {type CommandRun, runCommand} from './run-command.ts'

let planted = 0

/** A secret that nothing has hidden before: what one test taught the process must not help the next. */
export function plant(): string {
  planted += 1
  return `cAnArY${planted}/7f+3aQx`
}

/** The secret as it may be written: as it is, in part, in base64, in an address. */
function spellingsOf(canary: string): string[] {
  const encoded = [canary, `user:${canary}`].map((text) => Buffer.from(text).toString('base64'))
  return [canary, canary.slice(0, canary.indexOf('/')), encodeURIComponent(canary), ...encoded]
}

/** Stands for the secret in the tables. */
export const CANARY = '«canary»'

/** A value of a table with the secret in its place. */
export function withCanary<T>(value: T, canary: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll(CANARY, canary)) as T
}

/** A command with the secret in what it is given. */
export interface Attempt {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly stdin?: string
}

/**
 * Runs a command that has to fail, once as people do and then with all that it can tell. What it printed
 * where that has the secret, or where it did not fail or called itself a bug.
 */
export async function leaksOf(canary: string, attempt: Attempt): Promise<string[]> {
  const {args, env, stdin} = attempt
  const run = (words: readonly string[], more: Record<string, string> = {}): Promise<CommandRun> =>
    runCommand(words, {env: {...env, ...more}, ...(stdin !== undefined && {stdin})})
  const runs = [
    await run(args),
    await run([...args, '--log-http'], {KNTOOL_DEBUG: '1', KNTOOL_OUTPUT: 'json'}),
  ]
  return runs.flatMap(({exitCode, stdout, stderr}) => {
    const told = `${stdout}\n${stderr}`
    const isLeaked = spellingsOf(canary).some((spelling) => told.includes(spelling))
    return isLeaked || exitCode === 0 || exitCode === 70 ? [`${exitCode}: ${told}`] : []
  })
}
