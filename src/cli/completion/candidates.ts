import {kubeconfigPaths, loadKubeconfig} from '../../client/kubeconfig.ts'
import {
  CLUSTER_VALUES,
  type CompletionScope,
  type CompletionValue,
} from '../../operations/completion-values.ts'
import {connect} from '../../operations/connect.ts'
import {type CommandTable, nextWords} from '../command-table.ts'
import {findConfigFile, readConfigFile} from '../config/config-file.ts'
import {awsProfiles} from './aws-profiles.ts'
import type {Completion, Typed} from './cursor.ts'
import {SHELLS} from './scripts.ts'
import {type ClusterValueKind, kindOfArgument, kindOfFlag, type ValueKind} from './value-kinds.ts'

/** What may be typed at a place. */
export interface Candidates {
  readonly values: readonly CompletionValue[]
  /** What the shell is to do besides: complete names of files, or leave out the space after a value. */
  readonly directive?: 'files' | 'nospace'
}

type Environment = Readonly<Record<string, string | undefined>>

/** Collects what may stand at a place; those that do not fit what is typed already are left out. */
export async function collectCandidates(
  place: Completion,
  table: CommandTable,
  env: Environment,
): Promise<Candidates> {
  switch (place.kind) {
    case 'command':
      return fitting({values: commands(place.path, table)}, place.current)
    case 'flag':
      return fitting({values: flags(place.command.flags)}, place.current)
    case 'argument': {
      const kind = kindOfArgument(place.command, place.index)
      return fitting(await valuesOf(kind, place.typed, env), place.current)
    }
    case 'value': {
      const {command, flag, current, prefix, typed} = place
      const {options} = command.flags[flag] ?? {}
      const found =
        options === undefined
          ? await valuesOf(kindOfFlag(command, flag), typed, env)
          : {values: options.map((value) => ({value}))}
      return withPrefix(fitting(found, current), prefix)
    }
  }
}

function commands(path: readonly string[], table: CommandTable): CompletionValue[] {
  return nextWords(path, table)
    .filter((name) => name !== '')
    .map((value) => {
      const {summary} = table.commands[[...path, value].join(':')] ?? {}
      return {value, description: summary}
    })
}

function flags(known: CommandTable['commands'][string]['flags']): CompletionValue[] {
  const own = Object.entries(known).flatMap(([name, {allowNo, summary, hidden}]) =>
    hidden
      ? []
      : [
          {value: `--${name}`, description: summary},
          ...(allowNo ? [{value: `--no-${name}`, description: `Not: ${summary ?? name}`}] : []),
        ],
  )
  return [...own, {value: '--help', description: 'Explain the command'}]
}

async function valuesOf(
  kind: ValueKind | undefined,
  typed: Typed,
  env: Environment,
): Promise<Candidates> {
  if (kind === undefined) return {values: []}
  if (isClusterKind(kind)) return {values: await clusterValues(kind, typed, env)}
  switch (kind) {
    case 'files':
      return {values: [], directive: 'files'}
    case 'shells':
      return {values: SHELLS.map((value) => ({value}))}
    case 'contexts':
    case 'clusters':
      return {values: await kubeconfigNames(kind, typed, env)}
    case 'aws-profiles':
      return {values: awsProfiles(env).map((value) => ({value}))}
    case 'profiles':
      return {values: await profileNames(typed, env)}
    case 'shares': {
      const values = await clusterValues('references', typed, env)
      return {
        values: values.map((found) => ({...found, value: `${found.value}=`})),
        directive: 'nospace',
      }
    }
  }
}

function isClusterKind(kind: ValueKind): kind is ClusterValueKind {
  return Object.hasOwn(CLUSTER_VALUES, kind)
}

async function kubeconfigNames(
  kind: 'contexts' | 'clusters',
  {flags: given}: Typed,
  env: Environment,
): Promise<CompletionValue[]> {
  const {kubeconfig} = given
  const config = await loadKubeconfig(
    kubeconfig === undefined ? kubeconfigPaths(env) : [kubeconfig],
  )
  return [...config[kind].keys()].map((value) => ({value}))
}

async function profileNames({flags: given}: Typed, env: Environment): Promise<CompletionValue[]> {
  const path = given['config'] ?? env['KNTOOL_CONFIG'] ?? findConfigFile(env)
  const {profiles} = path === undefined ? {profiles: new Map()} : await readConfigFile(path)
  return [...profiles.keys()].map((value) => ({value}))
}

async function clusterValues(
  kind: ClusterValueKind,
  {args, flags: given}: Typed,
  env: Environment,
): Promise<CompletionValue[]> {
  const connection = await connect({
    kubeconfig: given['kubeconfig'],
    context: given['context'] ?? env['KNTOOL_CONTEXT'],
    cluster: given['cluster'],
    purpose: 'read',
    running: true,
    env,
  })
  try {
    const namespace = given['namespace'] ?? env['KNTOOL_NAMESPACE'] ?? connection.namespace
    const scope: CompletionScope = {
      namespace,
      service: kind === 'revisions' ? given['service'] : (given['service'] ?? args[0]),
    }
    return await CLUSTER_VALUES[kind](connection.client, scope)
  } finally {
    await connection.close()
  }
}

// After a comma in a list of values, the last of them is typed.
function fitting({values, ...rest}: Candidates, current: string): Candidates {
  const comma = current.lastIndexOf(',') + 1
  const [done, typed] = [current.slice(0, comma), current.slice(comma)]
  const fit = values.filter(({value}) => value.startsWith(typed))
  return withPrefix({...rest, values: fit}, done)
}

function withPrefix({values, ...rest}: Candidates, prefix: string): Candidates {
  return {...rest, values: values.map((found) => ({...found, value: prefix + found.value}))}
}
