/**
 * Where the value of a flag comes from when the command line does not give it:
 *
 * 1. the variable of this command's flag: `KNTOOL_SERVICE_CREATE_IMAGE`
 * 2. the variable of the flag in all commands, where it has one: `KNTOOL_NAMESPACE`
 * 3. the chosen profile of the configuration file, first what it has for this command
 * 4. the `defaults` of the file, first what they have for this command
 * 5. the default of the flag
 */
import {didYouMean} from '../../util/did-you-mean.ts'
import {type ConfigFile, type FlagPresets, invalid} from '../config/config-file.ts'
import {type FlagSpec, type Occurrence, parseBoolean} from '../parse-argv.ts'
import {usageError} from '../usage-error.ts'

/** The command whose flags are looked for. */
export interface CommandFlags {
  /** `service create`. */
  readonly words: string
  readonly specs: Readonly<Record<string, FlagSpec>>
}

type Environment = Readonly<Record<string, string | undefined>>

/** The variable of a flag of one command. */
export function variableOf(words: string, flag: string): string {
  return `KNTOOL_${`${words} ${flag}`.replaceAll(/[ -]/g, '_').toUpperCase()}`
}

/**
 * The uses of flags that the environment makes, but for those in `given`. Flags that may be given
 * several times have one value per line.
 *
 * @throws KN_USAGE with the name of the variable.
 */
export function fromEnvironment(
  {words, specs}: CommandFlags,
  env: Environment,
  given: ReadonlySet<string>,
): Occurrence[] {
  return Object.entries(specs).flatMap(([name, spec]) => {
    const own = variableOf(words, name)
    const variable = [own, spec.env].find((candidate) => candidate && env[candidate])
    const text = variable === undefined ? undefined : env[variable]
    if (variable === undefined || text === undefined || given.has(name)) return []
    const values = spec.multiple ? text.split(/\r?\n/) : [text]
    return values.map((value) => ({name, value: checked(value, spec, variable, words)}))
  })
}

/**
 * The uses of flags that a configuration file makes, but for those in `given`.
 *
 * @throws KN_CONFIG_INVALID with the place in the file, KN_USAGE for a profile there is not.
 */
export function fromConfigFile(
  command: CommandFlags,
  file: ConfigFile,
  chosen: string | undefined,
  given: ReadonlySet<string>,
): Occurrence[] {
  const presets = new Map<string, Preset>()
  for (const layer of layersOf(command, file, chosen)) {
    for (const [name, preset] of layer) if (!presets.has(name)) presets.set(name, preset)
  }
  return [...presets].flatMap(([name, {value, place}]) => {
    const spec = command.specs[name]
    if (spec === undefined || given.has(name)) return []
    const values = Array.isArray(value) && spec.multiple ? value : [value]
    return values.map((one: unknown) => {
      if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') {
        const where = `${place} in ${file.path}`
        return {name, value: checked(String(one), spec, where, command.words)}
      }
      throw invalid(file.path, `${place} must be a text, a number, true or false`)
    })
  })
}

interface Preset {
  readonly value: unknown
  /** `profiles.prod.defaults.namespace`. */
  readonly place: string
}

/** The presets that count for a command, those that win first. */
function layersOf(
  command: CommandFlags,
  file: ConfigFile,
  chosen: string | undefined,
): Map<string, Preset>[] {
  const name = chosen ?? file.currentProfile
  const profile = name === undefined ? undefined : file.profiles.get(name)
  if (name !== undefined && profile === undefined) {
    const known = [...file.profiles.keys()]
    throw usageError(
      `there is no profile "${name}" in ${file.path}`,
      `kntool ${command.words}`,
      didYouMean(name, known).map((similar) => `"${similar}"`),
    )
  }
  return [
    ...(profile === undefined
      ? []
      : presetsOf(command, profile.defaults, `profiles.${name}.defaults`, file.path)),
    ...presetsOf(command, file.defaults, 'defaults', file.path),
  ]
}

function presetsOf(
  {words, specs}: CommandFlags,
  presets: FlagPresets,
  place: string,
  path: string,
): Map<string, Preset>[] {
  const own = presets[words]
  const named = typeof own === 'object' && own !== null ? Object.entries(own) : []
  for (const [flag] of named) {
    if (Object.hasOwn(specs, flag)) continue
    const similar = didYouMean(flag, Object.keys(specs))
    throw invalid(
      path,
      `${place}.${words} has "${flag}", but kntool ${words} has no such flag`,
      similar.map((name) => `Did you mean ${name}?`),
    )
  }
  // A flag of other commands may stand among those of all.
  const general = Object.entries(presets).filter(([flag]) => Object.hasOwn(specs, flag))
  const toPresets = (entries: [string, unknown][], at: string): Map<string, Preset> =>
    new Map(entries.map(([flag, value]) => [flag, {value, place: `${at}.${flag}`}]))
  return [toPresets(named, `${place}.${words}`), toPresets(general, place)]
}

function checked(text: string, spec: FlagSpec, where: string, words: string): string | boolean {
  const command = `kntool ${words}`
  if (spec.type === 'boolean') {
    const value = parseBoolean(text)
    if (value !== undefined) return value
    throw usageError(`invalid value "${text}" of ${where}: must be true or false`, command)
  }
  const {options} = spec
  if (options === undefined || options.includes(text)) return text
  throw usageError(
    `invalid value "${text}" of ${where}: must be one of ${options.join(', ')}`,
    command,
    didYouMean(text, options),
  )
}
