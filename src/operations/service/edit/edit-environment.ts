/** Variables of a container: `--env`, `--env-value-from`, `--env-file`, `--env-from` of kn. */
import type {Container, EnvVar} from '../../../api/core/v1.ts'
import {quote} from '../../../util/strconv.ts'
import {invalid, parsePairs} from './notation.ts'
import type {EnvironmentEdit} from './service-edits.ts'

/** Sets variables in the order given; those that exist keep their place, removals come last. */
export function editEnvironment(container: Container, edits: readonly EnvironmentEdit[]): void {
  const wanted = new Map<string, EnvVar>()
  const removed: string[] = []
  for (const edit of edits) {
    const {set, remove} = parseEdit(edit)
    removed.push(...remove)
    for (const [name, variable] of set) wanted.set(name, variable)
  }
  const kept = (container.env ?? []).map((variable) => {
    const replacement = wanted.get(variable.name)
    wanted.delete(variable.name)
    return replacement ?? variable
  })
  const env = [...kept, ...wanted.values()].filter(({name}) => !removed.includes(name))
  if (env.length > 0) container.env = env
  else delete container.env
}

function parseEdit(edit: EnvironmentEdit): {set: [string, EnvVar][]; remove: readonly string[]} {
  if (edit.kind === 'reference') {
    const {set, remove} = parsePairs([edit.text], '--env-value-from')
    const variables = [...set].map(([name, source]): [string, EnvVar] => [
      name,
      {name, valueFrom: parseReference(source)},
    ])
    return {set: variables, remove}
  }
  const lines = edit.kind === 'file' ? variableLines(edit) : [edit.text]
  // Never the text: what lacks a name is most likely a value.
  const {set, remove} = parsePairs(lines, edit.kind === 'file' ? '--env-file' : '--env', {
    quoted: false,
  })
  const variables = [...set].map(([name, value]): [string, EnvVar] => [
    name,
    {name, ...(value !== '' && {value})},
  ])
  return {set: variables, remove}
}

// Differs from upstream: comments are left out, because a file of variables without them is rare;
// kn refuses them or makes odd variables of them.
function variableLines({file, lines}: EnvironmentEdit & {kind: 'file'}): string[] {
  return lines.flatMap((line, index) => {
    if (line.trim() === '' || line.trimStart().startsWith('#')) return []
    checkLine(line, `Invalid --env-file: ${file ?? 'the file'}:${index + 1}`)
    return [line]
  })
}

/** Refuses what is no variable, with its place; values may be secrets, and are not quoted. */
function checkLine(line: string, place: string): void {
  const equals = line.indexOf('=')
  if (equals < 0 && !line.endsWith('-')) {
    throw invalid(`${place}: the line has no "=", and is no variable`)
  }
  const name = equals < 0 ? line : line.slice(0, equals)
  if (name === '') throw invalid(`${place}: the name of the variable is missing`)
  if (!/\s/.test(name)) return
  const exported = /^\s*export\s+(\S+)$/.exec(name)?.[1]
  throw invalid(
    exported === undefined
      ? `${place}: ${quote(name)} is no name of a variable: it has a blank`
      : `${place}: lines are NAME=VALUE, without "export": begin with ${exported}=`,
  )
}

function parseReference(text: string): NonNullable<EnvVar['valueFrom']> {
  const [type = '', name = '', ...rest] = text.split(':').map((part) => part.trim())
  const key = rest.join(':')
  if (rest.length === 0) {
    throw invalid(
      'argument requires a value in form "resourceType:name:key" where "resourceType" can be one ' +
        `of "config-map" ("cm") or "secret" ("sc"); got ${quote(text)}`,
    )
  }
  const isConfigMap = type === 'config-map' || type === 'cm'
  if (!isConfigMap && type !== 'secret' && type !== 'sc') {
    throw invalid(
      `unsupported env source type ${quote(type)}; supported source types are "config-map" ("cm") ` +
        'and "secret" ("sc")',
    )
  }
  const kind = isConfigMap ? 'ConfigMap' : 'Secret'
  if (name === '') throw invalid(`the name of ${kind} cannot be an empty string`)
  if (key === '') {
    throw invalid(`the key referenced by resource ${kind} ${quote(name)} cannot be an empty string`)
  }
  return isConfigMap ? {configMapKeyRef: {name, key}} : {secretKeyRef: {name, key}}
}

/** Adds and takes away whole ConfigMaps and Secrets as sources of variables. */
export function editEnvFrom(container: Container, texts: readonly string[]): void {
  let sources = container.envFrom ?? []
  const removals: string[] = []
  for (const text of texts) {
    if (text === '-') throw invalid('"-" is not a valid value for "--env-from"')
    if (text.endsWith('-')) {
      removals.push(text.slice(0, -1))
      continue
    }
    const wanted = parseSource(text)
    if (!sources.some((source) => isSameSource(source, wanted))) sources = [...sources, wanted]
  }
  for (const text of removals) {
    const unwanted = parseSource(text)
    sources = sources.filter((source) => !isSameSource(source, unwanted))
  }
  if (sources.length > 0) container.envFrom = sources
  else delete container.envFrom
}

type EnvSource = NonNullable<Container['envFrom']>[number]

function parseSource(text: string): EnvSource {
  const [type = '', name = '', ...rest] = text.split(':').map((part) => part.trim())
  const isConfigMap = type === 'config-map' || type === 'cm'
  const isSecret = type === 'secret' || type === 'sc'
  if (!text.includes(':')) {
    throw invalid(
      `argument requires a value that contains the : character; got ${quote(text)}, [${quote(text)}]`,
    )
  }
  if (!isConfigMap && !isSecret) {
    throw invalid(
      `unsupported source type ${quote(type)}; variables come from "config-map" ("cm") or "secret" ("sc")`,
    )
  }
  if (rest.length > 0) throw invalid(`incorrect mount details for type ${quote(type)}`)
  if (name === '') {
    throw invalid(`the name of ${isConfigMap ? 'config-map' : 'secret'} cannot be an empty string`)
  }
  return isConfigMap ? {configMapRef: {name}} : {secretRef: {name}}
}

function isSameSource(left: EnvSource, right: EnvSource): boolean {
  return (
    left.configMapRef?.name === right.configMapRef?.name &&
    left.secretRef?.name === right.secretRef?.name
  )
}
