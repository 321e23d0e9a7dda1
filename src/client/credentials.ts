/** What a kubeconfig's user and cluster mean for a connection: TLS material and header fields. */
import type {RequestOptions} from 'node:https'
import {KntoolError} from '../errors/kntool-error.ts'
import {secretMask} from '../errors/secret-mask.ts'
import {readTextFile} from '../util/read-text-file.ts'
import {isJsonObject} from '../util/json.ts'
import type {KubeconfigTarget, KubeconfigUser} from './kubeconfig.ts'

/** How a connection proves who it is and checks whom it talks to. */
export interface ConnectionSecurity {
  readonly ca?: string | Buffer
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
  readonly rejectUnauthorized?: boolean
  /** The name the server's certificate is checked for, if not that of the address. */
  readonly servername?: string
  /** Header fields of every request, lower-case. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
}

/** Somebody else to act as. */
export interface Impersonation {
  readonly user?: string | undefined
  readonly uid?: string | undefined
  readonly groups?: readonly string[] | undefined
}

/** Reads certificates, tokens and passwords; runs the credential plugin if the user has one. */
export async function resolveSecurity(
  target: KubeconfigTarget,
  impersonation: Impersonation = {},
): Promise<ConnectionSecurity> {
  const {cluster, user} = target
  hideSecrets(target)
  const fromPlugin = needsPlugin(user) ? await runPlugin(target) : undefined
  const ca = await readPem(cluster['certificate-authority-data'], cluster['certificate-authority'])
  const cert = await readPem(user['client-certificate-data'], user['client-certificate'])
  const key = await readPem(user['client-key-data'], user['client-key'])
  return {
    ...(ca !== undefined && {ca}),
    ...(cert !== undefined && {cert}),
    ...(key !== undefined && {key}),
    ...(cluster['insecure-skip-tls-verify'] === true && {rejectUnauthorized: false}),
    ...(cluster['tls-server-name'] !== undefined && {servername: cluster['tls-server-name']}),
    ...fromPlugin,
    headers: {
      ...(await authorization(user)),
      ...fromPlugin?.headers,
      ...impersonationHeaders(user, impersonation),
    },
  }
}

/** What is secret by where it stands, before anything can fail on it. */
function hideSecrets({cluster, user}: KubeconfigTarget): void {
  for (const secret of [user.token, user.password, user['client-key-data']]) secretMask.hide(secret)
  secretMask.hideUserinfo(cluster.server)
  secretMask.hideUserinfo(cluster['proxy-url'])
  const {config} = (user['auth-provider'] ?? {}) as {config?: object}
  for (const [name, value] of Object.entries(config ?? {})) secretMask.hideNamed(name, value)
  const {env} = (user.exec ?? {}) as {env?: unknown}
  for (const {name, value} of Array.isArray(env) ? env.filter(isJsonObject) : []) {
    secretMask.hideNamed(String(name), value)
  }
}

async function authorization(user: KubeconfigUser): Promise<Record<string, string>> {
  const token = user.tokenFile === undefined ? user.token : (await readText(user.tokenFile)).trim()
  secretMask.hide(token)
  if (token !== undefined && token !== '') return {authorization: `Bearer ${token}`}
  if (user.username !== undefined) {
    const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')
    return {authorization: `Basic ${pair}`}
  }
  return {}
}

function impersonationHeaders(
  user: KubeconfigUser,
  asked: Impersonation,
): Record<string, string | readonly string[]> {
  const name = asked.user ?? user.as
  const uid = asked.uid ?? user['as-uid']
  const groups = asked.groups ?? user['as-groups'] ?? []
  return {
    ...(name !== undefined && {'impersonate-user': name}),
    ...(uid !== undefined && {'impersonate-uid': uid}),
    ...(groups.length > 0 && {'impersonate-group': groups}),
  }
}

function needsPlugin(user: KubeconfigUser): boolean {
  return user.exec !== undefined || user['auth-provider'] !== undefined
}

// Exec plugins (`aws eks get-token`) and OIDC have rules of their own, and a library that keeps them.
// It is imported on use, since it takes longer to load than everything else here together.
async function runPlugin(target: KubeconfigTarget): Promise<ConnectionSecurity> {
  const {KubeConfig} = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromString(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'chosen',
      contexts: [{name: 'chosen', context: {cluster: 'chosen', user: 'chosen'}}],
      clusters: [{name: 'chosen', cluster: target.cluster}],
      users: [{name: 'chosen', user: target.user}],
    }),
  )
  const options: RequestOptions = {}
  try {
    await config.applyToHTTPSOptions(options)
  } catch (cause) {
    throw pluginFailure(cause, target)
  }
  const authorizationField = Object.entries(options.headers ?? {}).find(
    ([name]) => name.toLowerCase() === 'authorization',
  )?.[1]
  if (typeof authorizationField === 'string') secretMask.hide(authorizationField.split(' ').at(-1))
  return {
    ...(typeof options.cert === 'string' && {cert: options.cert}),
    ...(typeof options.key === 'string' && {key: options.key}),
    headers: typeof authorizationField === 'string' ? {authorization: authorizationField} : {},
  }
}

// What a plugin prints, on either stream, may have what it is there to protect: it is not repeated.
function pluginFailure(
  cause: unknown,
  {user, userName, contextName}: KubeconfigTarget,
): KntoolError {
  const {command} = (user.exec ?? {}) as {command?: unknown}
  const name = typeof command === 'string' ? `"${command}"` : 'of the user'
  const {code} = cause as NodeJS.ErrnoException
  const why =
    code === 'ENOENT'
      ? 'there is no such command'
      : code === 'EACCES'
        ? 'it may not be executed'
        : cause instanceof SyntaxError
          ? 'what it printed is no ExecCredential in JSON'
          : 'it ended with an error'
  return new KntoolError(
    'KN_FORBIDDEN',
    `The credential plugin ${name} of the user "${userName}" failed: ${why}.`,
    {
      hint: [
        `See what it says: kubectl --context ${contextName} version`,
        'Or run the command of the kubeconfig\'s "exec" entry by hand.',
      ],
      details: {user: userName, ...(typeof command === 'string' && {command})},
      cause,
    },
  )
}

async function readPem(
  data: string | undefined,
  path: string | undefined,
): Promise<Buffer | string | undefined> {
  if (data !== undefined && data !== '') return Buffer.from(data, 'base64')
  return path === undefined || path === '' ? undefined : readText(path)
}

async function readText(path: string): Promise<string> {
  try {
    return await readTextFile(path)
  } catch (cause) {
    throw new KntoolError(
      'KN_CONFIG_INVALID',
      `Cannot read ${path}, which the kubeconfig names: ${(cause as Error).message}.`,
      {cause},
    )
  }
}
