import {describe, expect, onTestFinished, test} from 'vitest'
import type {StorageOptions} from '../../../src/kubernetes/storage/log-storage.ts'
import type {Storage} from '../../../src/kubernetes/storage/storage.ts'
import {labels, names, plain, pod, take, type StorageUnderTest} from './support.ts'

/** The behaviour of a storage that outlives its process. */
export function reopenSuite(subject: Required<StorageUnderTest>): void {
  const open = (): Storage => {
    const storage = subject.open()
    onTestFinished(() => storage.close())
    return storage
  }

  describe('reopening', () => {
    const again = (storage: Storage, options?: StorageOptions): Storage => {
      const reopened = subject.reopen(storage, options)
      onTestFinished(() => reopened.close())
      return reopened
    }

    test('objects and revisions are the same afterwards', () => {
      const storage = open()
      storage.create('/core/pods/ns/a', pod('a', 'one'))
      storage.create('/core/pods/ns/b', pod('b'))
      storage.update('/core/pods/ns/a', pod('a', 'two'), 1)
      storage.delete('/core/pods/ns/b', 2)
      const before = storage.list('/').items.map(plain)
      const reopened = again(storage)
      expect(reopened.currentRevision).toBe(4)
      expect(reopened.list('/').items.map(plain)).toEqual(before)
      expect(reopened.create('/core/pods/ns/b', pod('b')).storeRevision).toBe(5)
    })

    test('a watch goes on over the restart', async () => {
      const storage = open()
      storage.create('/core/pods/ns/a', pod('a', 'one'))
      storage.update('/core/pods/ns/a', pod('a', 'two'), 1)
      storage.create('/core/pods/ns/b', pod('b'))
      storage.delete('/core/pods/ns/a', 2)
      const all = await take(storage.watch('/', 0), 4)
      const reopened = again(storage)
      const watch = reopened.watch('/', 1)
      reopened.create('/core/pods/ns/c', pod('c'))
      const events = await take(watch, 4)
      expect(events.slice(0, 3).map(plain)).toEqual(all.slice(1).map(plain))
      expect(events[3]).toMatchObject({type: 'ADDED', storeRevision: 5})
    })

    test('a list at an older revision works over the restart', () => {
      const storage = open()
      storage.create('/core/pods/ns/a', pod('a', 'one'))
      storage.update('/core/pods/ns/a', pod('a', 'two'), 1)
      storage.delete('/core/pods/ns/a', 2)
      const reopened = again(storage)
      expect(labels(reopened.list('/', {atRevision: 1}))).toEqual(['one'])
      expect(labels(reopened.list('/', {atRevision: 2}))).toEqual(['two'])
    })

    test('compaction survives, also when it took the newest write', () => {
      const storage = open()
      storage.create('/core/pods/ns/a', pod('a'))
      storage.create('/core/pods/ns/b', pod('b'))
      storage.delete('/core/pods/ns/a', 1)
      storage.compact(3)
      const reopened = again(storage)
      expect(reopened).toMatchObject({currentRevision: 3, oldestRevision: 3})
      expect(names(reopened.list('/'))).toEqual(['b'])
    })
  })
}
