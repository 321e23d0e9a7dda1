import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {
  CompactedError,
  type Storage,
  type StorageEvent,
} from '../../../src/kubernetes/storage/storage.ts'
import {plain, pod, take, type StorageUnderTest} from './support.ts'

type Step =
  | {do: 'put'; key: string; value: string}
  | {do: 'delete'; key: string}
  | {do: 'compact'; back: number}
  | {do: 'reopen'}

/** Names that are prefixes of one another, in two namespaces. */
const key = fc
  .tuple(fc.constantFrom('a', 'b', 'a-b'), fc.constantFrom('a', 'ab', 'a-b', 'b', 'ba', 'z'))
  .map(([namespace, name]) => `/core/pods/${namespace}/${name}`)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({do: fc.constant('put' as const), key, value: fc.string({maxLength: 3})}),
  },
  {weight: 3, arbitrary: fc.record({do: fc.constant('delete' as const), key})},
  {
    weight: 1,
    arbitrary: fc.record({do: fc.constant('compact' as const), back: fc.integer({min: 0, max: 9})}),
  },
  {weight: 1, arbitrary: fc.record({do: fc.constant('reopen' as const)})},
)

/** What the storage must be, as plain maps: the state after each revision. */
class Model {
  readonly states: Map<string, string>[] = [new Map()]

  get current(): Map<string, string> {
    return this.states.at(-1) ?? new Map()
  }

  write(change: (next: Map<string, string>) => void): void {
    const next = new Map(this.current)
    change(next)
    this.states.push(next)
  }
}

/** Random writes against a Map per revision: lists, pages and watches of every kept revision. */
export function storageProperties(subject: StorageUnderTest, {runs}: {runs: number}): void {
  describe('under random writes', () => {
    test('every kept revision can be listed, paged and watched from', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, {maxLength: 40}), async (steps) => {
          let storage = subject.open()
          try {
            const model = new Model()
            for (const next of steps) {
              storage = apply(storage, model, next, subject)
            }
            expect(storage.currentRevision).toBe(model.states.length - 1)
            for (let revision = 0; revision < storage.oldestRevision; revision++) {
              expect(() => storage.list('/', {atRevision: revision})).toThrow(CompactedError)
              expect(() => storage.watch('/', revision)).toThrow(CompactedError)
            }
            for (let at = storage.oldestRevision; at <= storage.currentRevision; at++) {
              checkLists(storage, model, at)
              await checkReplay(storage, model, at)
            }
          } finally {
            storage.close()
          }
        }),
        {numRuns: runs},
      )
    })
  })
}

function apply(storage: Storage, model: Model, next: Step, subject: StorageUnderTest): Storage {
  switch (next.do) {
    case 'put': {
      const current = storage.get(next.key)
      const object = pod(next.key, next.value)
      if (current === undefined) storage.create(next.key, object)
      else storage.update(next.key, object, current.storeRevision)
      model.write((state) => state.set(next.key, next.value))
      return storage
    }
    case 'delete': {
      const current = storage.get(next.key)
      if (current === undefined) return storage
      storage.delete(next.key, current.storeRevision)
      model.write((state) => state.delete(next.key))
      return storage
    }
    case 'compact':
      storage.compact(storage.currentRevision - next.back)
      return storage
    case 'reopen':
      return subject.reopen?.(storage) ?? storage
  }
}

function checkLists(storage: Storage, model: Model, revision: number): void {
  for (const prefix of ['/', '/core/pods/a/', '/core/pods/a']) {
    const expected = [...(model.states[revision] ?? [])]
      .filter(([name]) => (prefix.endsWith('/') ? name.startsWith(prefix) : name === prefix))
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
    const whole = storage.list(prefix, {atRevision: revision})
    expect(whole.items.map((item) => [item.key, value(item)])).toEqual(expected)

    const paged: string[] = []
    for (;;) {
      const startAfter = paged.at(-1)
      const page = storage.list(prefix, {
        limit: 2,
        atRevision: revision,
        ...(startAfter !== undefined && {startAfter}),
      })
      paged.push(...page.items.map((item) => item.key))
      expect(page.remaining).toBe(expected.length - paged.length)
      expect(page.hasMore).toBe(page.remaining > 0)
      if (!page.hasMore) break
    }
    expect(paged).toEqual(expected.map(([name]) => name))
  }
}

/** Replaying a watch over the state it started from gives the current state, step by step. */
async function checkReplay(storage: Storage, model: Model, revision: number): Promise<void> {
  const count = storage.currentRevision - revision
  const watch = storage.watch('/', revision)
  const events = await take(watch, count)
  watch.close()
  const state = new Map(model.states[revision])
  for (const [index, event] of events.entries()) {
    expect(event.storeRevision).toBe(revision + 1 + index)
    expect(event.object.metadata.resourceVersion).toBe(String(event.storeRevision))
    expect(event.type === 'ADDED').toBe(!state.has(event.key))
    expect(event.previous?.metadata.labels?.['value']).toBe(state.get(event.key))
    replay(state, event)
    expect(state).toEqual(model.states[event.storeRevision])
  }
  const narrow = storage.watch('/core/pods/a/', revision)
  const expected = events.filter((event) => event.key.startsWith('/core/pods/a/'))
  expect((await take(narrow, expected.length)).map(plain)).toEqual(expected.map(plain))
  narrow.close()
}

function replay(state: Map<string, string>, event: StorageEvent): void {
  if (event.type === 'DELETED') state.delete(event.key)
  else state.set(event.key, value(event))
}

function value(of: {object: {metadata: {labels?: Record<string, string>}}}): string {
  return of.object.metadata.labels?.['value'] ?? ''
}
