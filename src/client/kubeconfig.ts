/**
 * Kubeconfig files: found, merged and narrowed to the one cluster and user a command talks to.
 *
 * Counterpart of client-go `tools/clientcmd`: the files of `KUBECONFIG` are merged, the first one
 * that names something wins, and relative paths are relative to their file.
 */
import {syntaxPlace} from '../util/syntax-place.ts'
import {readTextFile} from '../util/read-text-file.ts'
import {homedir} from 'node:os'
import {delimiter, dirname, isAbsolute, join, resolve} from 'node:path'
import {KntoolError} from '../errors/kntool-error.ts'
import {readYaml} from '../util/yaml/read-yaml.ts'

/** A `cluster` of a kubeconfig, as far as it is used here. */
export interface KubeconfigCluster {
  readonly server?: string
  readonly 'certificate-authority'?: string
  readonly 'certificate-authority-data'?: string
  readonly 'insecure-skip-tls-verify'?: boolean
  readonly 'tls-server-name'?: string
  readonly 'proxy-url'?: string
}

/** A `user` of a kubeconfig, as far as it is used here. */
export interface KubeconfigUser {
  readonly token?: string
  readonly tokenFile?: string
  readonly 'client-certificate'?: string
  readonly 'client-certificate-data'?: string
  readonly 'client-key'?: string
  readonly 'client-key-data'?: string
  readonly username?: string
  readonly password?: string
  readonly exec?: unknown
  readonly 'auth-provider'?: unknown
  readonly as?: string
  readonly 'as-uid'?: string
  readonly 'as-groups'?: readonly string[]
}

/** The merged files. */
export interface Kubeconfig {
  readonly files: readonly string[]
  readonly currentContext: string | undefined
  readonly contexts: ReadonlyMap<string, {cluster?: string; user?: string; namespace?: string}>
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>
  readonly users: ReadonlyMap<string, KubeconfigUser>
}

/** The cluster and user of one context. */
export interface KubeconfigTarget {
  readonly contextName: string
  readonly clusterName: string
  readonly userName: string | undefined
  readonly cluster: KubeconfigCluster & {readonly server: string}
  readonly user: KubeconfigUser
  /** The namespace of the context; `default` if it names none. */
  readonly namespace: string
}

/** Where kubeconfigs are looked for: `KUBECONFIG` (a list of paths), else `~/.kube/config`. */
export function kubeconfigPaths(env: Readonly<Record<string, string | undefined>>): string[] {
  const listed = env['KUBECONFIG']?.split(delimiter).filter((path) => path !== '') ?? []
  return listed.length > 0 ? listed : [defaultKubeconfigPath(env)]
}

/** `~/.kube/config`. */
export function defaultKubeconfigPath(env: Readonly<Record<string, string | undefined>>): string {
  return join(env['HOME'] ?? homedir(), '.kube', 'config')
}

/**
 * Reads and merges kubeconfig files; those that do not exist are left out.
 *
 * Throws `KN_CONFIG_INVALID` for a file that cannot be read or understood.
 */
export async function loadKubeconfig(paths: readonly string[]): Promise<Kubeconfig> {
  const contexts = new Map<string, {cluster?: string; user?: string; namespace?: string}>()
  const clusters = new Map<string, KubeconfigCluster>()
  const users = new Map<string, KubeconfigUser>()
  const files: string[] = []
  let currentContext: string | undefined
  for (const path of paths) {
    const document = await readDocument(path)
    if (document === undefined) continue
    files.push(path)
    currentContext ??= asText(document['current-context'])
    addNamed(contexts, document['contexts'], 'context', path)
    addNamed(clusters, document['clusters'], 'cluster', path)
    addNamed(users, document['users'], 'user', path)
  }
  return {files, currentContext, contexts, clusters, users}
}

/** What narrows a kubeconfig to one target. */
export interface TargetChoice {
  readonly context?: string | undefined
  readonly cluster?: string | undefined
}

/**
 * The cluster and user of a context: of the one that is asked for, else of the current one.
 *
 * Throws `KN_CONFIG_INVALID` when something that is named is not there.
 */
export function selectTarget(config: Kubeconfig, choice: TargetChoice): KubeconfigTarget {
  const where = config.files.length > 0 ? config.files.join(', ') : 'no file'
  const contextName = choice.context ?? config.currentContext
  if (contextName === undefined && choice.cluster === undefined) {
    throw invalid(`The kubeconfig (${where}) has no current context.`, [
      'kubectl config use-context NAME',
      'Name a context: --context NAME',
    ])
  }
  const context = config.contexts.get(contextName ?? '')
  if (context === undefined && contextName !== undefined) {
    const known = [...config.contexts.keys()].join(', ') || 'none'
    throw invalid(`The kubeconfig (${where}) has no context "${contextName}".`, [
      `Contexts there: ${known}`,
    ])
  }
  const clusterName = choice.cluster ?? context?.cluster ?? ''
  const cluster = config.clusters.get(clusterName)
  if (cluster?.server === undefined) {
    throw invalid(`The kubeconfig (${where}) has no cluster "${clusterName}" with a server.`, [])
  }
  const userName = context?.user
  return {
    contextName: contextName ?? '',
    clusterName,
    userName,
    cluster: {...cluster, server: cluster.server},
    user: config.users.get(userName ?? '') ?? {},
    namespace: context?.namespace ?? 'default',
  }
}

async function readDocument(path: string): Promise<Record<string, unknown> | undefined> {
  let text: string
  try {
    text = await readTextFile(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw invalid(`Cannot read the kubeconfig ${path}: ${(cause as Error).message}.`, [], cause)
  }
  const document = parse(text, path)
  if (document === null || document === undefined) return {}
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw invalid(`The kubeconfig ${path} is not a mapping.`, [])
  }
  return document as Record<string, unknown>
}

/** Not in the parser's words: they quote what stands there, and a kubeconfig has secrets. */
function parse(text: string, path: string): unknown {
  try {
    // JSON is YAML as well, and read ten times faster as what it is.
    return text.trimStart().startsWith('{') ? JSON.parse(text) : readYaml(text)
  } catch (cause) {
    const place = syntaxPlace(cause, text)
    const where = place === '' ? 'it cannot be parsed' : `it cannot be parsed from ${place} on`
    throw invalid(
      `The kubeconfig ${path} is not valid YAML: ${where}.`,
      [`Look at it as kubectl does: kubectl config view --kubeconfig ${path}`],
      cause,
    )
  }
}

function addNamed<T extends object>(
  target: Map<string, T>,
  list: unknown,
  field: 'context' | 'cluster' | 'user',
  path: string,
): void {
  if (!Array.isArray(list)) return
  for (const entry of list as {name?: unknown; [field: string]: unknown}[]) {
    const name = asText(entry?.name)
    const value = entry?.[field]
    if (name === undefined || typeof value !== 'object' || value === null) continue
    checkTexts(value, `${path}: ${field}s[${name}].${field}`)
    if (!target.has(name)) target.set(name, absolutePaths(value as T, path))
  }
}

const TEXT_FIELDS = [
  'cluster',
  'user',
  'namespace',
  'server',
  'certificate-authority',
  'certificate-authority-data',
  'tls-server-name',
  'proxy-url',
  'token',
  'tokenFile',
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'username',
  'password',
  'as',
  'as-uid',
]

/** The value is not repeated: it may be a secret. */
function checkTexts(value: object, at: string): void {
  for (const field of TEXT_FIELDS) {
    const content: unknown = (value as Record<string, unknown>)[field]
    if (content === undefined || content === null || typeof content === 'string') continue
    throw invalid(`The kubeconfig ${at}.${field} is not a text.`, [
      'Put it in quotes if it is one: kubectl config view',
    ])
  }
}

const PATH_FIELDS = new Set([
  'certificate-authority',
  'client-certificate',
  'client-key',
  'tokenFile',
])

function absolutePaths<T extends object>(value: T, file: string): T {
  const entries = Object.entries(value).map(([field, content]) => {
    const relative =
      PATH_FIELDS.has(field) && typeof content === 'string' && content && !isAbsolute(content)
    return [field, relative ? resolve(dirname(file), content) : content]
  })
  return Object.fromEntries(entries) as T
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function invalid(message: string, hint: readonly string[], cause?: unknown): KntoolError {
  return new KntoolError('KN_CONFIG_INVALID', message, {hint, cause})
}
