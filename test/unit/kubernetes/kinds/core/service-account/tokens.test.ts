import {createPrivateKey, generateKeyPairSync} from 'node:crypto'
import fc from 'fast-check'
import {beforeEach, describe, expect, test} from 'vitest'
import {signToken} from '../../../../../../src/kubernetes/kinds/core/service-account/json-web-token.ts'
import {
  API_AUDIENCE,
  ServiceAccountTokens,
  type TokenOrder,
} from '../../../../../../src/kubernetes/kinds/core/service-account/tokens.ts'
import {MemoryStorage} from '../../../../../../src/kubernetes/storage/memory-storage.ts'
import type {Storage} from '../../../../../../src/kubernetes/storage/storage.ts'
import {FakeClock} from '../../../../../../src/util/fake-clock.ts'

const HOUR_MS = 3_600_000
const ORDER: TokenOrder = {
  account: {namespace: 'ns', name: 'robot', uid: 'u1'},
  audiences: [API_AUDIENCE],
  bound: undefined,
  expirationSeconds: 3600,
}
const BOUND: TokenOrder = {...ORDER, bound: {kind: 'Pod', name: 'p', uid: 'u2'}}

let storage: Storage
let clock: FakeClock
let tokens: ServiceAccountTokens

beforeEach(() => {
  storage = new MemoryStorage()
  clock = new FakeClock()
  tokens = new ServiceAccountTokens(storage, clock, () => undefined)
  store('/core/serviceaccounts/ns/robot', 'u1')
  store('/core/pods/ns/p', 'u2')
})

function store(key: string, uid: string, more: object = {}): void {
  const name = key.slice(key.lastIndexOf('/') + 1)
  const current = storage.get(key)
  const object = {apiVersion: 'v1', kind: 'X', metadata: {name, uid, ...more}}
  if (current === undefined) storage.create(key, object)
  else storage.update(key, object, current.storeRevision)
}

function remove(key: string): void {
  storage.delete(key, storage.get(key)?.storeRevision ?? 0)
}

describe('a token of a ServiceAccount', () => {
  test('says who it is, and which pod has it', () => {
    expect(tokens.review(tokens.issue(BOUND))).toEqual({
      audiences: [API_AUDIENCE],
      user: {
        username: 'system:serviceaccount:ns:robot',
        uid: 'u1',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
        extra: {
          'authentication.kubernetes.io/credential-id': [
            expect.stringMatching(/^JTI=[0-9a-f-]{36}$/),
          ],
          'authentication.kubernetes.io/pod-name': ['p'],
          'authentication.kubernetes.io/pod-uid': ['u2'],
        },
      },
    })
  })

  test('is good for its time and no longer', async () => {
    const token = tokens.issue(ORDER)
    await clock.advance(HOUR_MS - 1)
    expect(tokens.review(token)).toHaveProperty('user')
    await clock.advance(1)
    expect(tokens.review(token)).toEqual({error: expect.stringContaining('has expired')})
  })

  test('is good for whom it was made', () => {
    const token = tokens.issue({...ORDER, audiences: ['vault', 'other']})
    expect(tokens.review(token)).toEqual({error: expect.stringContaining('audiences')})
    expect(tokens.review(token, ['x', 'vault'])).toMatchObject({audiences: ['vault']})
  })

  test('dies with its account, also when there is another of the same name', () => {
    const token = tokens.issue(ORDER)
    remove('/core/serviceaccounts/ns/robot')
    expect(tokens.review(token)).toHaveProperty('error')
    store('/core/serviceaccounts/ns/robot', 'another')
    expect(tokens.review(token)).toHaveProperty('error')
  })

  test('dies with its pod, a minute after that began to end', async () => {
    const token = tokens.issue(BOUND)
    store('/core/pods/ns/p', 'u2', {deletionTimestamp: new Date(clock.now()).toISOString()})
    await clock.advance(60_000)
    expect(tokens.review(token)).toHaveProperty('user')
    await clock.advance(1_000)
    expect(tokens.review(token)).toHaveProperty('error')
    remove('/core/pods/ns/p')
    expect(tokens.review(token)).toHaveProperty('error')
  })

  test('is known again by a server with the same key, and by no other', () => {
    const {privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'})
    const pem = privateKey.export({type: 'pkcs8', format: 'pem'})
    const server = (): ServiceAccountTokens =>
      new ServiceAccountTokens(storage, clock, () => createPrivateKey(pem))
    expect(server().review(server().issue(ORDER))).toHaveProperty('user')
    expect(tokens.review(server().issue(ORDER))).toEqual({error: 'invalid bearer token'})
  })
})

describe('what is no token', () => {
  test('is refused, whatever character of one was changed', () => {
    const token = tokens.issue(ORDER)
    fc.assert(
      fc.property(
        fc.nat(token.length - 1),
        fc.constantFrom('A', 'z', '-', '.', '=', ' '),
        (at, by) => {
          fc.pre(token[at] !== by)
          const changed = token.slice(0, at) + by + token.slice(at + 1)
          expect(tokens.review(changed)).toEqual({error: 'invalid bearer token'})
        },
      ),
    )
  })

  test.each([
    '',
    'x',
    '..',
    'a.b.c',
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`,
  ])('is refused: %j', (token) =>
    expect(tokens.review(token)).toEqual({error: 'invalid bearer token'}),
  )

  test('is refused when somebody else signed it', () => {
    const {privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'})
    const claims = {aud: [API_AUDIENCE], exp: 2 ** 40, 'kubernetes.io': {namespace: 'ns'}}
    expect(tokens.review(signToken(claims, privateKey))).toEqual({error: 'invalid bearer token'})
  })
})
