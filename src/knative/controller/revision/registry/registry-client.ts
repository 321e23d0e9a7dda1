/**
 * Asks a registry for the digest behind a tag, over the Docker Registry HTTP API V2.
 *
 * Counterpart of go-containerregistry `pkg/v1/remote` as knative.dev/serving
 * `pkg/reconciler/revision/resolve.go` uses it, texts included.
 */
import {STATUS_CODES} from 'node:http'
import {causeOf} from './network-cause.ts'
import type {ImageTag} from './image-tag.ts'
import type {PullCredentials} from './pull-credentials.ts'
import {type Challenge, parseChallenge} from './token-challenge.ts'

/** The registry did not answer: it is not there, or too slow, or no registry. */
export class RegistryUnreachableError extends Error {
  override readonly name = 'RegistryUnreachableError'
}

/** The registry answered that it does not have the image, or not for us. */
export class RegistryRefusalError extends Error {
  override readonly name = 'RegistryRefusalError'
}

/** What a registry is asked with. */
export interface RegistryRequest {
  readonly credentials: PullCredentials | undefined
  /** Its reason becomes the reason of the failure. */
  readonly signal: AbortSignal
}

const USER_AGENT = 'knative (serving)'
const MANIFEST_TYPES = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
]
/** Hosts that may speak plain HTTP: this machine, and names and addresses of private networks. */
const MAY_BE_PLAIN =
  /^(?:localhost|\[::1\]|(?:127|10)(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}|.*\.local(?:host)?)(?::\d+)?$/

/**
 * The digest behind a tag: `registry/repository@sha256:…`.
 *
 * @throws RegistryUnreachableError or RegistryRefusalError.
 */
export async function resolveTag(image: ImageTag, request: RegistryRequest): Promise<string> {
  const {registry, repository, tag} = image
  const {origin, challenge} = await ping(registry, request)
  const authorization = await authorize(challenge, repository, request)
  const url = `${origin}/v2/${repository}/manifests/${tag}`
  const answer = await ask('HEAD', url, request, {
    accept: MANIFEST_TYPES.join(','),
    ...(authorization !== undefined && {authorization}),
  })
  if (answer.status !== 200) throw await refusalOf('HEAD', url, answer)
  const digest = answer.headers.get('docker-content-digest') ?? ''
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new RegistryRefusalError(
      `HEAD ${url}: response did not include Docker-Content-Digest header`,
    )
  }
  return `${registry}/${repository}@${digest}`
}

/** Finds out how the registry is spoken to, and what it wants to know of us. */
async function ping(
  registry: string,
  request: RegistryRequest,
): Promise<{origin: string; challenge: Challenge | undefined}> {
  const schemes = MAY_BE_PLAIN.test(registry) ? ['https', 'http'] : ['https']
  let failure: unknown
  for (const scheme of schemes) {
    const origin = `${scheme}://${registry}`
    const url = `${origin}/v2/`
    try {
      const answer = await ask('GET', url, request)
      if (answer.status === 200) return {origin, challenge: undefined}
      if (answer.status !== 401) throw await refusalOf('GET', url, answer)
      return {origin, challenge: parseChallenge(answer.headers.get('www-authenticate') ?? '')}
    } catch (error) {
      failure ??= error
    }
  }
  throw failure
}

/** The `authorization` for reading a repository. */
async function authorize(
  challenge: Challenge | undefined,
  repository: string,
  request: RegistryRequest,
): Promise<string | undefined> {
  const {credentials} = request
  const basic =
    credentials &&
    `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
  if (challenge === undefined) return undefined
  if (challenge.scheme !== 'bearer') return basic
  const {realm = '', service = ''} = challenge.parameters
  const query = new URLSearchParams({scope: `repository:${repository}:pull`, service})
  const url = `${realm}${realm.includes('?') ? '&' : '?'}${query.toString()}`
  const answer = await ask('GET', url, request, basic === undefined ? {} : {authorization: basic})
  if (answer.status !== 200) throw await refusalOf('GET', url, answer)
  const body = (await answer.json()) as {token?: string; access_token?: string}
  const token = body.token ?? body.access_token ?? ''
  if (token === '') throw new RegistryRefusalError(`no token in bearer response`)
  return `Bearer ${token}`
}

async function ask(
  method: string,
  url: string,
  {signal}: RegistryRequest,
  headers: Record<string, string> = {},
): Promise<Response> {
  try {
    return await fetch(url, {method, signal, headers: {'user-agent': USER_AGENT, ...headers}})
  } catch (error) {
    const verb = `${method.charAt(0)}${method.slice(1).toLowerCase()}`
    throw new RegistryUnreachableError(`${verb} "${url}": ${causeOf(error)}`, {cause: error})
  }
}

/** What the registry said, in the words of upstream. */
async function refusalOf(
  method: string,
  url: string,
  answer: Response,
): Promise<RegistryRefusalError> {
  const status = `unexpected status code ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`
  const body = await answer.text()
  const said =
    method === 'HEAD'
      ? `${status} (HEAD responses have no body, use GET for details)`
      : (reasonsIn(body) ?? (body === '' ? status : `${status}: ${body}`))
  return new RegistryRefusalError(`${method} ${url}: ${said}`)
}

/** `DENIED: requested access to the resource is denied`; undefined where the body is something else. */
function reasonsIn(body: string): string | undefined {
  try {
    const {errors = []} = JSON.parse(body) as {
      errors?: {code?: string; message?: string; detail?: unknown}[]
    }
    const reasons = errors.map(({code = '', message = '', detail}) => {
      const more = typeof detail === 'string' && detail !== '' ? `; ${detail}` : ''
      return `${code}: ${message}${more}`
    })
    if (reasons.length === 0) return undefined
    return reasons.length === 1 ? reasons[0] : `multiple errors returned: ${reasons.join('; ')}`
  } catch {
    return undefined
  }
}
