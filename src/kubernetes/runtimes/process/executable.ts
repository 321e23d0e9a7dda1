import {accessSync, constants, statSync} from 'node:fs'
import {delimiter, isAbsolute, join, resolve} from 'node:path'
import {ContainerStartError} from '../runtime.ts'

/** Where programs are looked for: what every Unix has, and nothing of the user's own settings. */
export const MINIMAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * The file to run for `command`. A bare `node` is the Node that runs this program, since the
 * machine's own may be older or missing.
 *
 * @throws ContainerStartError in the words of a container engine, so that it reads familiarly.
 */
export function resolveExecutable(command: string, workingDir: string, path: string): string {
  if (command === 'node') return process.execPath
  if (command.includes('/')) {
    const file = isAbsolute(command) ? command : resolve(workingDir, command)
    const problem = whyNotExecutable(file)
    if (problem === undefined) return file
    throw notStarted(command, file, problem)
  }
  for (const directory of path.split(delimiter)) {
    const file = join(directory, command)
    if (whyNotExecutable(file) === undefined) return file
  }
  throw new ContainerStartError(`exec: "${command}": executable file not found in $PATH (${path})`)
}

function notStarted(command: string, file: string, problem: string): ContainerStartError {
  return new ContainerStartError(`exec: "${command}": stat ${file}: ${problem}`)
}

function whyNotExecutable(file: string): string | undefined {
  try {
    if (statSync(file).isDirectory()) return 'is a directory'
    accessSync(file, constants.X_OK)
    return undefined
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    return code === 'EACCES' ? 'permission denied' : 'no such file or directory'
  }
}
