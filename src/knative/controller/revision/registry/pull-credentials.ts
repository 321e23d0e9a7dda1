/** Who we are to a registry. Counterpart of go-containerregistry `pkg/authn/kubernetes`. */
import {isJsonObject} from '../../../../util/json.ts'
import {SECRETS, type Secret, SERVICE_ACCOUNTS} from '../../../../api/core/v1.ts'
import type {Client} from '../../../../client/client.ts'
import type {ImageTag} from './image-tag.ts'

/** A name and a password for a registry. */
export interface PullCredentials {
  readonly username: string
  readonly password: string
}

/** Whose pull secrets count. */
export interface PullIdentity {
  readonly namespace: string
  /** Empty for `default`. */
  readonly serviceAccountName: string
  readonly imagePullSecrets: readonly string[]
}

/**
 * The pull secrets of a revision: those it names, then those of its service account. What does not
 * exist does not count.
 */
export async function readPullSecrets(client: Client, identity: PullIdentity): Promise<Secret[]> {
  const {namespace, serviceAccountName, imagePullSecrets} = identity
  const account = await client.find(SERVICE_ACCOUNTS, {
    namespace,
    name: serviceAccountName || 'default',
  })
  const names = [...imagePullSecrets, ...(account?.imagePullSecrets ?? []).map(({name}) => name)]
  const secrets = await Promise.all(
    [...new Set(names)].map((name) => client.find(SECRETS, {namespace, name})),
  )
  return secrets.filter((secret) => secret !== undefined)
}

/**
 * What the secrets say for an image: the entry whose address is the longest prefix of the image's.
 * Undefined: the registry is asked as nobody.
 */
export function credentialsFor(
  {registry, repository}: ImageTag,
  secrets: readonly Secret[],
): PullCredentials | undefined {
  const image = `${registry}/${repository}`
  let best: {readonly length: number; readonly credentials: PullCredentials} | undefined
  for (const [address, entry] of secrets.flatMap(entriesOf)) {
    const prefix = bareAddress(address)
    const covers = image === prefix || image.startsWith(`${prefix}/`)
    if (!covers || (best !== undefined && best.length >= prefix.length)) continue
    const credentials = credentialsOf(entry)
    if (credentials !== undefined) best = {length: prefix.length, credentials}
  }
  return best?.credentials
}

/** The addresses of a docker config, of the present form or of the one before. */
function entriesOf({type, data = {}}: Secret): [string, unknown][] {
  if (type === 'kubernetes.io/dockerconfigjson') {
    const config = parse(data['.dockerconfigjson'])
    const auths = config['auths']
    return isJsonObject(auths) ? Object.entries(auths) : []
  }
  return type === 'kubernetes.io/dockercfg' ? Object.entries(parse(data['.dockercfg'])) : []
}

/** A secret that cannot be read says nothing, as if it were not there. */
function parse(base64 = ''): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, 'base64').toString())
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** `https://index.docker.io/v1/` is how people write `index.docker.io`. */
function bareAddress(address: string): string {
  const bare = address
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
    .replace(/\/v[12]$/, '')
  return bare === 'docker.io' ? 'index.docker.io' : bare
}

function credentialsOf(entry: unknown): PullCredentials | undefined {
  if (!isJsonObject(entry)) return undefined
  const {auth, username, password} = entry
  if (typeof auth === 'string' && auth !== '') {
    const text = Buffer.from(auth, 'base64').toString()
    const colon = text.indexOf(':')
    return colon < 0 ? undefined : {username: text.slice(0, colon), password: text.slice(colon + 1)}
  }
  return typeof username === 'string' && typeof password === 'string'
    ? {username, password}
    : undefined
}
