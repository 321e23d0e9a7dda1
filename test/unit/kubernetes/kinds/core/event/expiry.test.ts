import {expect, test} from 'vitest'
import {
  EventExpiry,
  EVENTS_PREFIX,
} from '../../../../../../src/kubernetes/kinds/core/event/expiry.ts'
import {MemoryStorage} from '../../../../../../src/kubernetes/storage/memory-storage.ts'
import {FakeClock} from '../../../../../../src/util/fake-clock.ts'

test('of too many Events the ones that were not written for longest are forgotten', () => {
  const storage = new MemoryStorage()
  const expiry = new EventExpiry(storage, new FakeClock())
  const write = (name: string): void => {
    const event = {apiVersion: 'v1', kind: 'Event', metadata: {name, namespace: 'default'}}
    const key = `${EVENTS_PREFIX}default/${name}`
    const stored = storage.get(key)
    if (stored === undefined) storage.create(key, event)
    else storage.update(key, event, stored.storeRevision)
    expiry.touch(event)
  }
  for (let index = 0; index < 5000; index++) write(`e${index}`)
  write('e0')
  write('one more')
  const names = storage.list(EVENTS_PREFIX).items.map(({object}) => object.metadata.name)
  expect(names).toHaveLength(5000)
  expect(names).toContain('e0')
  expect(names).not.toContain('e1')
  storage.close()
})
