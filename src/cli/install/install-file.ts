/** Settings of `install` in a file: named as the flags are. */
import {writeFile} from 'node:fs/promises'
import {KntoolError} from '../../errors/kntool-error.ts'
import {isJsonObject} from '../../util/json.ts'
import {didYouMean} from '../../util/did-you-mean.ts'
import {parseDocuments, readInput} from '../input-files.ts'
import type {InstallFlagValues} from '../flags/install-flags.ts'

/** What has to be known of a flag to read it from a file. */
interface FlagShape {
  readonly type: 'boolean' | 'option'
  readonly multiple?: boolean | undefined
  readonly options?: readonly string[] | undefined
}

/** Where settings are written unless a file is named. */
export const DEFAULT_FILE = 'kntool.yaml'

const INTEGERS = new Set(['timeout'])

/** Flags with what a file adds: what was given on the command line wins. */
export async function withFile(
  flags: InstallFlagValues & {readonly filename?: string | undefined},
  shapes: Readonly<Record<string, FlagShape>>,
): Promise<InstallFlagValues> {
  const {filename} = flags
  if (filename === undefined) return flags
  const [document] = await parseDocuments(await readInput(filename, '--filename'), filename)
  if (document === undefined) return flags
  if (!isJsonObject(document)) {
    throw new KntoolError('KN_CONFIG_INVALID', `${filename} is not a list of settings.`, {
      hint: 'Write one to begin with: kntool install --domain DOMAIN --write-config',
    })
  }
  const values = Object.entries(document).map(([name, value]) => [
    name,
    readValue(name, value, {file: filename, shapes}),
  ])
  const given = Object.entries(flags).filter(([, value]) => value !== undefined)
  return Object.fromEntries([...values, ...given]) as InstallFlagValues
}

/** The settings of flags as the text of a file. */
export async function renderFile(
  flags: InstallFlagValues,
  shapes: Readonly<Record<string, FlagShape>>,
): Promise<string> {
  const {printYaml} = await import('../../util/yaml/print-yaml.ts')
  const values = flags as Readonly<Record<string, unknown>>
  const known = Object.keys(shapes).filter((name) => values[name] !== undefined)
  const settings = Object.fromEntries(known.map((name) => [name, values[name]]))
  return `# kntool install -f ${DEFAULT_FILE}\n${printYaml(settings, {keepOrder: true})}`
}

/** Writes the file. Throws `KN_CONFLICT` if it is there, unless it may be replaced. */
export async function writeSettings(
  path: string,
  text: string,
  {replace}: {replace: boolean},
): Promise<void> {
  try {
    await writeFile(path, text, {flag: replace ? 'w' : 'wx'})
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new KntoolError('KN_CONFLICT', `${path} exists already.`, {
      hint: ['Replace it: --yes', 'Or write another: -f FILE'],
      cause,
    })
  }
}

function readValue(
  name: string,
  value: unknown,
  {file, shapes}: {file: string; shapes: Readonly<Record<string, FlagShape>>},
): unknown {
  const fail = (problem: string, hint: readonly string[] = []): never => {
    throw new KntoolError('KN_CONFIG_INVALID', `${file}: ${name}: ${problem}.`, {hint})
  }
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
  if (shape === undefined) {
    const similar = didYouMean(name, Object.keys(shapes))
    return fail(
      'there is no such setting',
      similar.map((guess) => `Did you mean ${guess}?`),
    )
  }
  if (shape.type === 'boolean') {
    return typeof value === 'boolean' ? value : fail('has to be true or false')
  }
  if (INTEGERS.has(name)) {
    return Number.isInteger(value) ? value : fail('has to be a number of seconds')
  }
  if (shape.multiple) return readList(value) ?? fail('has to be a list, or names with values')
  const text = readScalar(value) ?? fail('has to be a text')
  const {options} = shape
  if (options !== undefined && !options.includes(text)) {
    return fail(`has to be one of ${options.join(', ')}`)
  }
  return text
}

function readList(value: unknown): string[] | undefined {
  if (isJsonObject(value)) {
    const pairs = Object.entries(value).map(([key, item]) => [key, readScalar(item)] as const)
    if (pairs.some(([, item]) => item === undefined)) return undefined
    return pairs.map(([key, item]) => `${key}=${item}`)
  }
  const items = (Array.isArray(value) ? value : [value]).map(readScalar)
  return items.every((item) => item !== undefined) ? items : undefined
}

function readScalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
