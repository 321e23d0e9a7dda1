import {describe, expect, test} from 'vitest'
import {
  DigestResolver,
  type ResolveDigest,
} from '../../../../../src/knative/controller/revision/digest-resolver.ts'
import {registryOf} from '../../../../../src/knative/controller/revision/registry/image-tag.ts'
import {FakeClock, settle} from '../../../../../src/util/fake-clock.ts'
import {aRevision} from '../../../../support/builders.ts'

const KEY = 'default/hello-00001'
const SETTINGS = {registriesToSkip: new Set(['kind.local']), timeoutMs: 1000}

function createResolver(resolveDigest: ResolveDigest) {
  const clock = new FakeClock()
  const enqueued: string[] = []
  const resolver = new DigestResolver({
    clock,
    resolveDigest,
    enqueue: (key) => void enqueued.push(key),
  })
  return {clock, enqueued, resolver}
}

function revisionWith(...images: string[]) {
  const revision = aRevision()
  revision.spec.containers = images.map((image, index) => ({name: `c${index}`, image}))
  return revision
}

describe('the digest resolver', () => {
  test('asks for each image once and enqueues the revision when all are known', async () => {
    const asked: string[] = []
    const {resolver, enqueued} = createResolver((image) => {
      asked.push(image)
      return Promise.resolve(`${image}@sha256:1`)
    })
    const revision = revisionWith('a.io/x', 'a.io/y', 'a.io/x')
    expect(resolver.resolve(revision, SETTINGS)).toBeUndefined()
    expect(resolver.resolve(revision, SETTINGS)).toBeUndefined()
    await settle()
    expect(asked).toEqual(['a.io/x', 'a.io/y'])
    expect(enqueued).toEqual([KEY])
    expect(resolver.resolve(revision, SETTINGS)?.containerStatuses).toEqual([
      {name: 'c0', imageDigest: 'a.io/x@sha256:1'},
      {name: 'c1', imageDigest: 'a.io/y@sha256:1'},
      {name: 'c2', imageDigest: 'a.io/x@sha256:1'},
    ])
  })

  test('asks nobody for a digest or for a registry that is skipped', async () => {
    const {resolver} = createResolver(() => Promise.reject(new Error('asked')))
    const revision = revisionWith('a.io/x@sha256:2', 'kind.local/y')
    resolver.resolve(revision, SETTINGS)
    await settle()
    expect(resolver.resolve(revision, SETTINGS)?.containerStatuses).toEqual([
      {name: 'c0', imageDigest: 'a.io/x@sha256:2'},
      {name: 'c1'},
    ])
  })

  test('waits longer after each failure, and forgets that with success', async () => {
    let fails = true
    const {resolver, clock, enqueued} = createResolver(() =>
      fails ? Promise.reject(new Error('down')) : Promise.resolve(undefined),
    )
    const revision = revisionWith('a.io/x')
    const waits: number[] = []
    for (let round = 0; round < 3; round++) {
      resolver.resolve(revision, SETTINGS)
      const startMs = clock.now()
      while (enqueued.length === round) await clock.advance(500)
      waits.push(clock.now() - startMs)
      expect(() => resolver.resolve(revision, SETTINGS)).toThrow('down')
    }
    expect(waits).toEqual([500, 1000, 2000])
    fails = false
    resolver.resolve(revision, SETTINGS)
    await clock.advance(4000)
    expect(resolver.resolve(revision, SETTINGS)?.containerStatuses).toEqual([{name: 'c0'}])
  })

  test('does not enqueue a revision that is gone', async () => {
    const {resolver, enqueued} = createResolver(() => Promise.resolve('x'))
    resolver.resolve(revisionWith('a.io/x'), SETTINGS)
    resolver.clear(KEY)
    await settle()
    expect(enqueued).toEqual([])
  })

  test.each([
    ['busybox', 'index.docker.io'],
    ['library/busybox', 'index.docker.io'],
    ['docker.io/library/busybox', 'index.docker.io'],
    ['ghcr.io/knative/hello:1', 'ghcr.io'],
    ['localhost/x', 'localhost'],
    ['host:5000/x', 'host:5000'],
  ])('knows the registry of %s', (image, registry) => {
    expect(registryOf(image)).toBe(registry)
  })
})
