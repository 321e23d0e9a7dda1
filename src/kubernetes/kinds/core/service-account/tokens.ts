import {generateKeyPairSync, type KeyObject, randomUUID} from 'node:crypto'
import type {UserInfo} from '../../../../api/admission.ts'
import type {KubeObject} from '../../../../api/meta/object.ts'
import type {Clock} from '../../../../util/clock.ts'
import type {Storage} from '../../../storage/storage.ts'
import {
  numberAt,
  objectAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {accountGroups} from '../../../apiserver/authentication/impersonate.ts'
import type {ServerContext} from '../../../apiserver/request-context.ts'
import {signToken, verifyToken} from './json-web-token.ts'

/** The audience of the API server itself, and who issues its tokens. */
export const API_AUDIENCE = 'https://kubernetes.default.svc'

/** How long a pod that is being deleted may still show its token. */
const DELETION_LEEWAY_MS = 60_000

/** Something that a token dies with. */
export interface BoundObject {
  readonly kind: 'Pod' | 'Secret'
  readonly name: string
  readonly uid: string
}

/** What a token is made for. */
export interface TokenOrder {
  readonly account: {readonly namespace: string; readonly name: string; readonly uid: string}
  readonly audiences: readonly string[]
  readonly bound: BoundObject | undefined
  readonly expirationSeconds: number
}

/** Whose token it is, or why it is nobody's. */
export type TokenReview =
  | {readonly user: UserInfo; readonly audiences: readonly string[]}
  | {readonly error: string}

/** Makes and reads the tokens of ServiceAccounts. Counterpart of upstream's pkg/serviceaccount. */
export class ServiceAccountTokens {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #givenKey: () => KeyObject | undefined
  #ownKey: KeyObject | undefined

  /** `key` is asked at each use; without one, tokens last as long as this process. */
  constructor(storage: Storage, clock: Clock, key: () => KeyObject | undefined) {
    this.#storage = storage
    this.#clock = clock
    this.#givenKey = key
  }

  issue({account, audiences, bound, expirationSeconds}: TokenOrder): string {
    const nowSeconds = Math.floor(this.#clock.now() / 1000)
    const {namespace, name, uid} = account
    const reference = bound && {[bound.kind.toLowerCase()]: {name: bound.name, uid: bound.uid}}
    return signToken(
      {
        aud: audiences,
        exp: nowSeconds + expirationSeconds,
        iat: nowSeconds,
        iss: API_AUDIENCE,
        jti: randomUUID(),
        'kubernetes.io': {namespace, ...reference, serviceaccount: {name, uid}},
        nbf: nowSeconds,
        sub: usernameOf(namespace, name),
      },
      this.#key(),
    )
  }

  /** `audiences`: those that whoever asks is known by; the token has to be for one of them. */
  review(token: string, audiences: readonly string[] = [API_AUDIENCE]): TokenReview {
    let claims: JsonObject | undefined
    try {
      claims = verifyToken(token, this.#key())
    } catch {
      claims = undefined
    }
    if (claims === undefined) return {error: 'invalid bearer token'}
    const nowSeconds = this.#clock.now() / 1000
    if (nowSeconds >= (numberAt(claims, 'exp') ?? 0)) {
      return {error: '[invalid bearer token, service account token has expired]'}
    }
    const meant = stringsAt(claims, 'aud')
    const common = audiences.filter((audience) => meant.includes(audience))
    if (common.length === 0) {
      const texts = [meant, audiences].map((list) => JSON.stringify(list))
      return {
        error: `[invalid bearer token, token audiences ${texts.join(' is invalid for the target audiences ')}]`,
      }
    }
    const error = this.#findProblem(objectAt(claims, 'kubernetes.io'))
    return error === undefined ? {user: userOf(claims), audiences: common} : {error}
  }

  /** What the token is about has to be there still, and be the same. */
  #findProblem(claim: JsonObject): string | undefined {
    const namespace = stringAt(claim, 'namespace')
    for (const [kind, plural] of BOUND_KINDS) {
      const reference = objectAt(claim, kind)
      const name = stringAt(reference, 'name')
      if (name === '') continue
      const object = this.#storage.get(`/core/${plural}/${namespace}/${name}`)?.object
      if (object?.metadata.uid !== stringAt(reference, 'uid') || this.#isOver(object)) {
        return `[invalid bearer token, service account token has been invalidated]`
      }
    }
    return undefined
  }

  #isOver({metadata: {deletionTimestamp}}: KubeObject): boolean {
    if (deletionTimestamp === undefined) return false
    return this.#clock.now() > Date.parse(deletionTimestamp) + DELETION_LEEWAY_MS
  }

  #key(): KeyObject {
    const given = this.#givenKey()
    if (given !== undefined) return given
    this.#ownKey ??= generateKeyPairSync('ec', {namedCurve: 'P-256'}).privateKey
    return this.#ownKey
  }
}

/** What a token names, by its claim and where it is stored. */
const BOUND_KINDS = [
  ['serviceaccount', 'serviceaccounts'],
  ['pod', 'pods'],
  ['secret', 'secrets'],
] as const

function usernameOf(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`
}

function userOf(claims: JsonObject): UserInfo {
  const claim = objectAt(claims, 'kubernetes.io')
  const namespace = stringAt(claim, 'namespace')
  const account = objectAt(claim, 'serviceaccount')
  const pod = objectAt(claim, 'pod')
  return {
    username: usernameOf(namespace, stringAt(account, 'name')),
    uid: stringAt(account, 'uid'),
    groups: [...accountGroups(namespace), 'system:authenticated'],
    extra: {
      'authentication.kubernetes.io/credential-id': [`JTI=${stringAt(claims, 'jti')}`],
      ...(stringAt(pod, 'name') !== '' && {
        'authentication.kubernetes.io/pod-name': [stringAt(pod, 'name')],
        'authentication.kubernetes.io/pod-uid': [stringAt(pod, 'uid')],
      }),
    },
  }
}

const tokens = new WeakMap<ServerContext, ServiceAccountTokens>()

/** Those of one server. */
export function tokensOf(server: ServerContext): ServiceAccountTokens {
  let known = tokens.get(server)
  if (known === undefined) {
    known = new ServiceAccountTokens(server.storage, server.clock, server.tokenKey)
    tokens.set(server, known)
  }
  return known
}
