import {describe, expect, onTestFinished, test} from 'vitest'
import type {StorageOptions} from '../../../src/kubernetes/storage/log-storage.ts'
import {
  CompactedError,
  PreconditionError,
  type Storage,
} from '../../../src/kubernetes/storage/storage.ts'
import {caught, label, names, pod, take, takeKeys, type StorageUnderTest} from './support.ts'

/** The behaviour that every storage shares. Counterpart of k8s.io/apiserver `storage/testing`. */
export function storageSuite(subject: StorageUnderTest): void {
  const open = (options?: StorageOptions): Storage => {
    const storage = subject.open(options)
    onTestFinished(() => storage.close())
    return storage
  }

  describe('writing', () => {
    test('create answers the object with the revision of the write', () => {
      const storage = open()
      const stored = storage.create('/core/pods/default/a', pod('a'))
      expect(stored.storeRevision).toBe(1)
      expect(stored.object.metadata.resourceVersion).toBe('1')
      expect(storage.get('/core/pods/default/a')).toEqual(stored)
      expect(storage.currentRevision).toBe(1)
    })

    test('create refuses a key that exists and shows what is there', () => {
      const storage = open()
      const first = storage.create('/core/pods/default/a', pod('a'))
      const error = caught(() => storage.create('/core/pods/default/a', pod('a', 'other')))
      expect(error).toBeInstanceOf(PreconditionError)
      expect(error).toMatchObject({reason: 'exists', current: {storeRevision: 1}})
      expect(storage.get('/core/pods/default/a')?.object).toEqual(first.object)
      expect(storage.currentRevision).toBe(1)
    })

    test('update replaces the object only while its revision is the expected one', () => {
      const storage = open()
      storage.create('/core/pods/default/a', pod('a', 'one'))
      const second = storage.update('/core/pods/default/a', pod('a', 'two'), 1)
      expect(second.object.metadata).toMatchObject({resourceVersion: '2', labels: {value: 'two'}})
      const error = caught(() => storage.update('/core/pods/default/a', pod('a', 'three'), 1))
      expect(error).toMatchObject({reason: 'changed', current: {storeRevision: 2}})
      expect(storage.get('/core/pods/default/a')).toEqual(second)
    })

    test('update and delete say when nothing is there', () => {
      const storage = open()
      const key = '/core/pods/default/a'
      expect(caught(() => storage.update(key, pod('a'), 1))).toMatchObject({reason: 'missing'})
      expect(caught(() => storage.delete(key, 1))).toMatchObject({reason: 'missing'})
      expect(storage.currentRevision).toBe(0)
    })

    test('delete answers the last state with the revision of the delete', () => {
      const storage = open()
      storage.create('/core/pods/default/a', pod('a', 'one'))
      expect(caught(() => storage.delete('/core/pods/default/a', 7))).toMatchObject({
        reason: 'changed',
      })
      const gone = storage.delete('/core/pods/default/a', 1)
      expect(gone.storeRevision).toBe(2)
      expect(gone.object.metadata).toMatchObject({resourceVersion: '2', labels: {value: 'one'}})
      expect(storage.get('/core/pods/default/a')).toBeUndefined()
    })

    test('a key can be created again after its removal', () => {
      const storage = open()
      storage.create('/core/pods/default/a', pod('a'))
      storage.delete('/core/pods/default/a', 1)
      expect(storage.create('/core/pods/default/a', pod('a')).storeRevision).toBe(3)
    })

    test('what is handed out is frozen to its leaves', () => {
      const storage = open()
      const {object} = storage.create('/core/pods/default/a', pod('a', 'one'))
      expect(Object.isFrozen(object)).toBe(true)
      expect(Object.isFrozen(object.metadata.labels)).toBe(true)
      const gone = storage.delete('/core/pods/default/a', 1)
      expect(Object.isFrozen(gone.object.metadata)).toBe(true)
    })

    test('parts of a frozen object may be stored again without changing it', () => {
      const storage = open()
      const first = storage.create('/core/pods/default/a', pod('a', 'one'))
      const second = storage.update('/core/pods/default/a', {...first.object}, 1)
      const third = storage.update('/core/pods/default/a', second.object, 2)
      expect(first.object.metadata.resourceVersion).toBe('1')
      expect(second.object.metadata.resourceVersion).toBe('2')
      expect(third.object.metadata.resourceVersion).toBe('3')
    })
  })

  describe('listing', () => {
    test('a list has the keys of its prefix in order and the newest revision', () => {
      const storage = open()
      for (const name of ['b', 'a', 'a-b', 'ab']) storage.create(`/core/pods/ns/${name}`, pod(name))
      storage.create('/core/pods/ns2/x', pod('x'))
      storage.create('/apps/deployments/ns/x', pod('x'))
      const {items, storeRevision, hasMore, remaining} = storage.list('/core/pods/ns/')
      expect(items.map((item) => item.object.metadata.name)).toEqual(['a', 'a-b', 'ab', 'b'])
      expect({storeRevision, hasMore, remaining}).toEqual({
        storeRevision: 6,
        hasMore: false,
        remaining: 0,
      })
      expect(storage.list('/core/pods/').items).toHaveLength(5)
      expect(storage.list('/').items).toHaveLength(6)
    })

    test('a prefix without a closing slash names one key', () => {
      const storage = open()
      for (const name of ['a', 'ab']) storage.create(`/core/pods/ns/${name}`, pod(name))
      expect(storage.list('/core/pods/ns/a').items).toHaveLength(1)
    })

    test('pages follow one another and count what is left', () => {
      const storage = open()
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        storage.create(`/core/pods/ns/${name}`, pod(name))
      const first = storage.list('/core/pods/ns/', {limit: 2})
      expect(names(first)).toEqual(['a', 'b'])
      expect(first).toMatchObject({hasMore: true, remaining: 3})
      const second = storage.list('/core/pods/ns/', {limit: 2, startAfter: '/core/pods/ns/b'})
      expect(names(second)).toEqual(['c', 'd'])
      expect(second).toMatchObject({hasMore: true, remaining: 1})
      const third = storage.list('/core/pods/ns/', {limit: 2, startAfter: '/core/pods/ns/d'})
      expect(names(third)).toEqual(['e'])
      expect(third).toMatchObject({hasMore: false, remaining: 0})
    })

    test('a page that ends exactly at the last object has no more', () => {
      const storage = open()
      for (const name of ['a', 'b']) storage.create(`/core/pods/ns/${name}`, pod(name))
      expect(storage.list('/core/pods/ns/', {limit: 2})).toMatchObject({
        hasMore: false,
        remaining: 0,
      })
    })

    test('pages at a revision do not see the writes after it', () => {
      const storage = open()
      for (const name of ['a', 'b', 'c', 'd']) storage.create(`/core/pods/ns/${name}`, pod(name))
      storage.delete('/core/pods/ns/c', 3)
      storage.create('/core/pods/ns/bb', pod('bb'))
      storage.update('/core/pods/ns/d', pod('d', 'changed'), 4)
      const page = storage.list('/core/pods/ns/', {
        startAfter: '/core/pods/ns/a',
        limit: 2,
        atRevision: 4,
      })
      expect(names(page)).toEqual(['b', 'c'])
      expect(page).toMatchObject({storeRevision: 4, hasMore: true, remaining: 1})
      const last = storage.list('/core/pods/ns/', {startAfter: '/core/pods/ns/c', atRevision: 4})
      expect(last.items.map((item) => item.object.metadata.labels)).toEqual([{value: ''}])
    })

    test('a list at a revision that is still to come is a mistake', () => {
      const storage = open()
      expect(() => storage.list('/', {atRevision: 5})).toThrow(RangeError)
    })
  })

  describe('watching', () => {
    test('a watch delivers writes with what was there before them', async () => {
      const storage = open()
      const watch = storage.watch('/core/pods/ns/', 0)
      storage.create('/core/pods/ns/a', pod('a', 'one'))
      storage.update('/core/pods/ns/a', pod('a', 'two'), 1)
      storage.delete('/core/pods/ns/a', 2)
      const events = await take(watch, 3)
      expect(events.map((event) => [event.type, event.storeRevision, label(event)])).toEqual([
        ['ADDED', 1, 'one'],
        ['MODIFIED', 2, 'two'],
        ['DELETED', 3, 'two'],
      ])
      expect(events.map((event) => event.previous?.metadata.labels?.['value'])).toEqual([
        undefined,
        'one',
        'two',
      ])
      expect(events[2]?.object.metadata.resourceVersion).toBe('3')
    })

    test('a watch started at the revision of a list misses no write and repeats none', async () => {
      const storage = open()
      storage.create('/core/pods/ns/a', pod('a'))
      const {storeRevision} = storage.list('/core/pods/')
      storage.create('/core/pods/ns/b', pod('b'))
      const watch = storage.watch('/core/pods/', storeRevision)
      storage.create('/core/pods/ns/c', pod('c'))
      expect((await take(watch, 2)).map((event) => event.key)).toEqual([
        '/core/pods/ns/b',
        '/core/pods/ns/c',
      ])
    })

    test('a watch sees only its prefix', async () => {
      const storage = open()
      const watches = {
        all: storage.watch('/', 0),
        kind: storage.watch('/core/pods/', 0),
        namespace: storage.watch('/core/pods/ns/', 0),
        one: storage.watch('/core/pods/ns/a', 0),
      }
      const keys = ['/core/pods/ns/ab', '/core/pods/ns2/a', '/core/nodes/n', '/core/pods/ns/a']
      for (const key of keys) storage.create(key, pod('x'))
      expect(await takeKeys(watches.all, 4)).toEqual(keys)
      expect(await takeKeys(watches.kind, 3)).toEqual([keys[0], keys[1], keys[3]])
      expect(await takeKeys(watches.namespace, 2)).toEqual([keys[0], keys[3]])
      expect(await takeKeys(watches.one, 1)).toEqual([keys[3]])
    })

    test('a watch from a revision that is still to come begins there', async () => {
      const storage = open()
      const watch = storage.watch('/', 1)
      storage.create('/core/pods/ns/a', pod('a'))
      storage.create('/core/pods/ns/b', pod('b'))
      expect(await takeKeys(watch, 1)).toEqual(['/core/pods/ns/b'])
    })

    test('a listener has seen a write when the write returns', () => {
      const storage = open()
      storage.create('/core/pods/ns/a', pod('a'))
      const watch = storage.watch('/', 0)
      const seen: string[] = []
      watch.subscribe(
        (event) => seen.push(event.key),
        () => seen.push('ended'),
      )
      expect(seen).toEqual(['/core/pods/ns/a'])
      storage.create('/core/pods/ns/b', pod('b'))
      expect(seen).toEqual(['/core/pods/ns/a', '/core/pods/ns/b'])
      watch.close()
      storage.create('/core/pods/ns/c', pod('c'))
      expect(seen).toEqual(['/core/pods/ns/a', '/core/pods/ns/b', 'ended'])
    })

    test('listeners that write see all events, in one order', () => {
      const storage = open()
      storage.create('/core/pods/ns/1', pod('1'))
      const orders: number[][] = []
      for (const isWriter of [true, false, true]) {
        const seen: number[] = []
        orders.push(seen)
        storage.watch('/', 0).subscribe(
          (event) => {
            seen.push(event.storeRevision)
            const next = storage.currentRevision + 1
            if (isWriter && next <= 12) storage.create(`/core/pods/ns/${next}`, pod(`${next}`))
          },
          () => undefined,
        )
      }
      storage.create('/core/pods/ns/last', pod('last'))
      const all = Array.from({length: storage.currentRevision}, (_, index) => index + 1)
      expect(all.length).toBeGreaterThanOrEqual(12)
      expect(orders).toEqual([all, all, all])
    })

    test('a watch that a listener opens repeats nothing', () => {
      const storage = open()
      const inner: number[] = []
      storage.watch('/', 0).subscribe(
        ({storeRevision}) => {
          if (storeRevision !== 1) return
          storage.create('/core/pods/ns/b', pod('b'))
          storage.watch('/', 1).subscribe(
            (event) => inner.push(event.storeRevision),
            () => undefined,
          )
        },
        () => undefined,
      )
      storage.create('/core/pods/ns/a', pod('a'))
      storage.create('/core/pods/ns/c', pod('c'))
      expect(inner).toEqual([2, 3])
    })

    test('close ends the iteration, also one that waits', async () => {
      const storage = open()
      const watch = storage.watch('/', 0)
      const waiting = take(watch, 1)
      watch.close()
      expect(await waiting).toEqual([])
      expect(watch.evicted).toBe(false)
      storage.create('/core/pods/ns/a', pod('a'))
      expect(await take(watch, 1)).toEqual([])
    })

    test('a consumer that falls too far behind is evicted; the others go on', async () => {
      const storage = open({watchBuffer: 3})
      const slow = storage.watch('/', 0)
      const quick = storage.watch('/', 0)
      const seen: string[] = []
      const reading = (async () => {
        for await (const event of quick) seen.push(event.key)
      })()
      for (let index = 0; index < 5; index++) {
        storage.create(`/core/pods/ns/${index}`, pod('x'))
        await Promise.resolve()
        await Promise.resolve()
      }
      expect(slow.evicted).toBe(true)
      expect(await take(slow, 1)).toEqual([])
      expect(quick.evicted).toBe(false)
      expect(seen).toHaveLength(5)
      quick.close()
      await reading
    })

    test('what a watch has to catch up with does not count as falling behind', async () => {
      const storage = open({watchBuffer: 2})
      for (let index = 0; index < 6; index++) storage.create(`/core/pods/ns/${index}`, pod('x'))
      const watch = storage.watch('/', 0)
      expect(await take(watch, 6)).toHaveLength(6)
    })

    test('closing the storage ends all watches and refuses writes', async () => {
      const storage = open()
      const watch = storage.watch('/', 0)
      storage.close()
      expect(await take(watch, 1)).toEqual([])
      expect(() => storage.create('/core/pods/ns/a', pod('a'))).toThrow('closed')
    })
  })

  describe('compacting', () => {
    test('compaction forgets history but no object', () => {
      const storage = open()
      storage.create('/core/pods/ns/a', pod('a', 'one'))
      storage.update('/core/pods/ns/a', pod('a', 'two'), 1)
      storage.create('/core/pods/ns/b', pod('b'))
      storage.compact(2)
      expect(storage.oldestRevision).toBe(2)
      expect(names(storage.list('/'))).toEqual(['a', 'b'])
      expect(names(storage.list('/', {atRevision: 2}))).toEqual(['a'])
      expect(() => storage.watch('/', 1)).toThrow(CompactedError)
      expect(() => storage.list('/', {atRevision: 1})).toThrow(CompactedError)
      expect(() => storage.watch('/', 2).close()).not.toThrow()
    })

    test('compaction happens by itself and keeps the wanted number of writes', () => {
      const storage = open({historyLimit: 20})
      for (let index = 0; index < 100; index++) {
        storage.create(`/core/pods/ns/${index}`, pod(`p${index}`))
        expect(storage.currentRevision - storage.oldestRevision).toBeLessThanOrEqual(23)
      }
      expect(storage.currentRevision - storage.oldestRevision).toBeGreaterThanOrEqual(20)
      expect(storage.list('/').items).toHaveLength(100)
    })

    test('compaction also bounds the size of the history', () => {
      const storage = open({historyBytes: 20_000})
      let revision = storage.create('/core/pods/ns/a', pod('a')).storeRevision
      for (let index = 0; index < 100; index++) {
        const text = `${index}-`.padEnd(1_000, 'x')
        revision = storage.update('/core/pods/ns/a', pod('a', text), revision).storeRevision
      }
      const kept = storage.currentRevision - storage.oldestRevision
      expect(kept).toBeGreaterThan(5)
      expect(kept).toBeLessThan(25)
    })

    test('compaction beyond the newest revision stops there', () => {
      const storage = open()
      storage.create('/core/pods/ns/a', pod('a'))
      storage.delete('/core/pods/ns/a', 1)
      storage.compact(99)
      expect(storage.oldestRevision).toBe(2)
      expect(storage.create('/core/pods/ns/a', pod('a')).storeRevision).toBe(3)
    })
  })
}
