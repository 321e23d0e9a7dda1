import {beforeEach, describe, expect, test} from 'vitest'
import {EVENTS, type Event} from '../../../src/api/core/v1.ts'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import {Client} from '../../../src/client/client.ts'
import {EventRecorder} from '../../../src/controller/event-recorder.ts'
import {FakeClock} from '../../../src/util/fake-clock.ts'
import {TinyApi} from '../../support/tiny-api.ts'

const OBJECT: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'web', namespace: 'default', uid: 'u1'},
}

describe('the event recorder', () => {
  let client: Client
  let clock: FakeClock
  let recorder: EventRecorder
  let errors: unknown[]

  beforeEach(() => {
    errors = []
    client = new Client(new TinyApi())
    clock = new FakeClock()
    const onError = (error: unknown): void => void errors.push(error)
    recorder = new EventRecorder({client, clock, component: 'test', onError})
  })

  async function events(): Promise<Event[]> {
    await recorder.flush()
    expect(errors).toEqual([])
    return (await client.list(EVENTS)).items
  }

  test('counts what is said again, with the time of the last', async () => {
    for (const _ of [1, 2, 3]) {
      recorder.warning(OBJECT, 'Failed', 'why')
      await clock.advance(1000)
    }
    recorder.warning(OBJECT, 'Failed', 'another reason')
    expect(await events()).toMatchObject([
      {
        message: 'why',
        count: 3,
        firstTimestamp: '2024-04-22T00:00:00Z',
        lastTimestamp: '2024-04-22T00:00:02Z',
      },
      {message: 'another reason', count: 1},
    ])
  })

  test('writes an event anew that somebody has deleted', async () => {
    recorder.warning(OBJECT, 'Failed', 'why')
    for (const {metadata} of await events()) await client.delete(EVENTS, metadata)

    recorder.warning(OBJECT, 'Failed', 'why')
    recorder.warning(OBJECT, 'Failed', 'why')
    expect(await events()).toMatchObject([{message: 'why', count: 2}])
  })

  test('remembers a bounded number of events, those said last', async () => {
    const say = (name: string): void => {
      recorder.normal({...OBJECT, metadata: {...OBJECT.metadata, uid: name}}, 'Said', name)
    }
    say('often')
    say('once')
    for (let index = 0; index < 600; index++) {
      say(`other-${index}`)
      if (index % 100 === 0) say('often')
    }
    say('once')
    say('often')
    const counts = (await events()).filter(({message}) => !message?.startsWith('other'))
    expect(counts.map(({message, count}) => [message, count])).toEqual([
      ['often', 8],
      ['once', 1],
      ['once', 1],
    ])
  })
})
