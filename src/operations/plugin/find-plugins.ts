/** Programs that are commands: `kntool-*` and kn's `kn-*`, in folders for them and on the PATH. */
import {accessSync, constants, readdirSync, statSync} from 'node:fs'
import {homedir} from 'node:os'
import {delimiter, join} from 'node:path'
import {messageOf} from '../../util/message-of.ts'
import {compareText} from '../../util/go/compare.ts'
import {candidateNames, commandWords, withoutEnding} from './plugin-name.ts'

/** A program that is a command. */
export interface Plugin {
  /** The name of its file, without the ending that Windows runs. */
  readonly name: string
  readonly path: string
  /** The command it is: `['service', 'log']`. */
  readonly words: readonly string[]
}

/** The plugins there are, and what is wrong with files that look like plugins. */
export interface FoundPlugins {
  /** By name; of several with one name the first that would be run. */
  readonly plugins: readonly Plugin[]
  readonly warnings: readonly string[]
  readonly errors: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

/** The folders made for plugins: the one that is configured, else those beside the configuration. */
export function pluginFolders(env: Environment, configured: string | undefined): string[] {
  const home = env['HOME'] ?? homedir()
  if (configured) return [configured.replace(/^~(?=$|[/\\])/, home)]
  const base =
    env['XDG_CONFIG_HOME'] ||
    (process.platform === 'win32' && env['APPDATA']) ||
    join(home, '.config')
  return ['kntool', 'kn'].map((program) => join(base, program, 'plugins'))
}

/** All folders in which plugins are looked for, in order: those made for them, then the PATH. */
export function searchPath(folders: readonly string[], env: Environment): string[] {
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...new Set([...folders, ...onPath])]
}

/** The plugin for the longest part of the words that has one. */
export function findPlugin(
  words: readonly string[],
  folders: readonly string[],
): Plugin | undefined {
  const files = new Map(folders.map((folder) => [folder, pluginFiles(folder).names]))
  for (const candidate of candidateNames(words)) {
    for (const [folder, names] of files) {
      const file = names.find((name) => withoutEnding(name) === candidate.name)
      if (file !== undefined) return {...candidate, path: join(folder, file)}
    }
  }
  return undefined
}

/** Lists plugins. `isBuiltIn` says whether a command of that name exists, which always wins. */
export function listPlugins(
  folders: readonly string[],
  isBuiltIn: (words: readonly string[]) => boolean,
): FoundPlugins {
  const plugins = new Map<string, Plugin>()
  const warnings: string[] = []
  const errors: string[] = []
  for (const folder of folders) {
    const {names, problem} = pluginFiles(folder)
    if (problem !== undefined) {
      errors.push(`unable to read directory '${folder}' from your plugin path: ${problem}`)
    }
    for (const file of names) {
      const path = join(folder, file)
      const first = plugins.get(file)
      if (!isExecutable(path)) warnings.push(`${path} is not executable by current user`)
      if (first === undefined) {
        plugins.set(file, {name: withoutEnding(file), path, words: commandWords(file) ?? []})
      } else {
        warnings.push(
          `${path} is ignored because it is shadowed by an equally named plugin: ${first.path}`,
        )
      }
    }
  }
  const sorted = [...plugins.values()].toSorted((a, b) => compareText(a.name, b.name))
  const overriding = sorted
    .filter(({words}) => isBuiltIn(words))
    .map(({path, words}) => `${path} overwrites existing built-in command: '${words.join(' ')}'`)
  return {plugins: sorted, warnings, errors: [...errors, ...overriding]}
}

// Folders of the PATH often do not exist, which is nobody's fault.
function pluginFiles(folder: string): {names: string[]; problem?: string} {
  try {
    const names = readdirSync(folder).filter((name) => commandWords(name) !== undefined)
    return {names: names.filter((name) => !isFolder(join(folder, name))).toSorted()}
  } catch (error) {
    const missing = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
    return {names: [], ...(!missing && {problem: messageOf(error)})}
  }
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
