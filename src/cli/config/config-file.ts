/** The configuration file: presets of flags, and profiles. kn's own file is read where there is none. */
import {existsSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {KntoolError} from '../../errors/kntool-error.ts'
import {isJsonObject, type JsonObject} from '../../util/json.ts'
import {parseDocuments, readInput} from '../input-files.ts'

/** Values of flags by name; those of one command are below its words: `service create`. */
export type FlagPresets = Readonly<JsonObject>

/** What goes by one name. */
export interface ConfigProfile {
  /** Presets that come before those of the file, when the profile is chosen. */
  readonly defaults: FlagPresets
  /** What `service create --profile` puts on Services, as kn's profiles do. */
  readonly annotations: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

/** A configuration file. */
export interface ConfigFile {
  readonly path: string
  readonly defaults: FlagPresets
  readonly profiles: ReadonlyMap<string, ConfigProfile>
  /** The profile that is chosen where nobody chooses. */
  readonly currentProfile: string | undefined
}

/** Where the file is: kntool's, else kn's, if there is one. */
export function findConfigFile(
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const folder = configFolder(env)
  return ['kntool', 'kn'].map((name) => join(folder, name, 'config.yaml')).find(existsSync)
}

/** Where the file would be written. */
export function configFilePath(env: Readonly<Record<string, string | undefined>>): string {
  return join(configFolder(env), 'kntool', 'config.yaml')
}

function configFolder(env: Readonly<Record<string, string | undefined>>): string {
  const {XDG_CONFIG_HOME: xdg, APPDATA: appData, HOME: home} = env
  if (xdg) return xdg
  return process.platform === 'win32' && appData ? appData : join(home ?? homedir(), '.config')
}

/** Reads a file. Throws `KN_USAGE` when it is not there, `KN_CONFIG_INVALID` when it is wrong. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const [document = {}] = await parseDocuments(await readInput(path, '--config'), path)
  const root = mapping(document, path, 'The document')
  const profiles = Object.entries(mapping(root['profiles'], path, 'profiles'))
  const current = root['current-profile']
  if (current !== undefined && typeof current !== 'string') {
    throw invalid(path, 'current-profile must be the name of a profile')
  }
  return {
    path,
    defaults: mapping(root['defaults'], path, 'defaults'),
    profiles: new Map(profiles.map(([name, value]) => [name, readProfile(name, value, path)])),
    currentProfile: current,
  }
}

/** The error for a file that cannot be used, with the place. */
export function invalid(path: string, what: string, hint: readonly string[] = []): KntoolError {
  return new KntoolError('KN_CONFIG_INVALID', `${path}: ${what}.`, {hint, details: {path}})
}

function readProfile(name: string, value: unknown, path: string): ConfigProfile {
  const at = `profiles.${name}`
  const {defaults, annotations, labels} = mapping(value, path, at)
  return {
    defaults: mapping(defaults, path, `${at}.defaults`),
    annotations: namedValues(annotations, path, `${at}.annotations`),
    labels: namedValues(labels, path, `${at}.labels`),
  }
}

/** kn writes `[{name: …, value: …}]`. */
function namedValues(value: unknown, path: string, at: string): Record<string, string> {
  if (value === undefined || value === null) return {}
  if (!Array.isArray(value)) throw invalid(path, `${at} must be a list of name and value`)
  const pairs = value.map((item: unknown): [string, string] => {
    const {name, value: text} = mapping(item, path, at)
    if (typeof name !== 'string') throw invalid(path, `${at} must be a list of name and value`)
    return [name, text === undefined || text === null ? '' : String(text as string)]
  })
  return Object.fromEntries(pairs)
}

function mapping(value: unknown, path: string, at: string): JsonObject {
  if (value === undefined || value === null) return {}
  if (isJsonObject(value)) return value
  throw invalid(path, `${at} must be a mapping`)
}
