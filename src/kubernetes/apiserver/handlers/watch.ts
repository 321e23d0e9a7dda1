import type {KubeObject, Status, WatchEvent} from '../../../api/meta/object.ts'
import type {Timer} from '../../../util/clock.ts'
import {CompactedError, type StorageEvent, type StorageWatch} from '../../storage/storage.ts'
import {expired} from '../errors.ts'
import {storagePrefix} from '../registry/storage-key.ts'
import type {HandlerResult, RequestContext} from '../request-context.ts'
import {served} from './get.ts'
import {checkListOptions, readCount, readFlag} from './list-options.ts'
import {isSelected, readSelection, type Selection} from './list.ts'
import {parseRevision} from './resource-version.ts'

/** How often a quiet watch hears which version it has seen. */
const BOOKMARK_INTERVAL_MS = 60_000

/** The annotation of the bookmark after the initial events. */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end'

type Event = WatchEvent<KubeObject>

/**
 * Streams the changes of a collection.
 *
 * | resourceVersion | sendInitialEvents | begins with                              |
 * | --------------- | ----------------- | ---------------------------------------- |
 * | none, 0         | unset, true       | everything that is there                 |
 * | any             | true              | the same; a bookmark marks the end of it |
 * | n               | unset, false      | the first change after n; 410 when n is  |
 * |                 |                   | compacted                                |
 */
export function watch(context: RequestContext): HandlerResult {
  const {query, server, resource, info} = context
  checkListOptions(query, true)
  const selection = readSelection(context)
  const version = query.get('resourceVersion') ?? ''
  const from = version === '' ? 0 : parseRevision(version)
  const sendsInitial = readFlag(query, 'sendInitialEvents')
  const wantsBookmarks = readFlag(query, 'allowWatchBookmarks')
  const timeoutMs = readCount(query, 'timeoutSeconds') * 1000
  const prefix = storagePrefix(resource, info.namespace)
  const initial: Event[] = []
  let changes: StorageWatch
  try {
    if (from === 0 || sendsInitial) {
      const page = server.storage.list(prefix)
      for (const {object} of page.items) {
        const shown = served(resource, object)
        if (isSelected(shown, selection)) initial.push(added(shown))
      }
      if (sendsInitial && wantsBookmarks) {
        initial.push(bookmark(context, page.storeRevision, {[INITIAL_EVENTS_END]: 'true'}))
      }
      changes = server.storage.watch(prefix, page.storeRevision)
    } else {
      changes = server.storage.watch(prefix, from)
    }
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error
    return {kind: 'watch', events: only(tooOld(from, error.oldestRevision))}
  }
  const plan: WatchPlan = {initial, changes, selection, wantsBookmarks, timeoutMs}
  return {
    kind: 'watch',
    events: stream(context, plan),
    subscribe: (listener, ended) => push(context, plan, listener, ended),
  }
}

function added(object: KubeObject): Event {
  return {type: 'ADDED', object}
}

async function* only(event: Event): AsyncGenerator<Event> {
  yield event
}

function tooOld(revision: number, oldest: number): Event {
  const {status} = expired(`too old resource version: ${revision} (${oldest})`)
  return {type: 'ERROR', object: status satisfies Status}
}

interface WatchPlan {
  readonly initial: readonly Event[]
  readonly changes: StorageWatch
  readonly selection: Selection
  readonly wantsBookmarks: boolean
  /** When the watch ends by itself; 0 for never. */
  readonly timeoutMs: number
}

/** Ends when the client goes, when `timeoutSeconds` are over, or when storage ends the watch. */
async function* stream(context: RequestContext, plan: WatchPlan): AsyncGenerator<Event> {
  const {signal, server} = context
  const {changes, timeoutMs} = plan
  const close = (): void => changes.close()
  const timer = timeoutMs > 0 ? server.clock.after(timeoutMs, close) : undefined
  signal?.addEventListener('abort', close, {once: true})
  if (signal?.aborted) close()
  const ticker = plan.wantsBookmarks ? new Ticker(context) : undefined
  try {
    yield* plan.initial
    const iterator = changes[Symbol.asyncIterator]()
    let pending = iterator.next()
    for (;;) {
      const next = ticker === undefined ? await pending : await ticker.race(pending)
      if (next === 'tick') {
        yield bookmark(context, server.storage.currentRevision)
        continue
      }
      if (next.done === true) return
      const event = translate(context, next.value, plan.selection)
      pending = iterator.next()
      if (event !== undefined) yield event
    }
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error
    yield tooOld(error.oldestRevision, error.oldestRevision)
  } finally {
    ticker?.stop()
    timer?.cancel()
    signal?.removeEventListener('abort', close)
    close()
  }
}

/** Hands every event to `listener` as it is made. No bookmarks: nobody is ever behind. */
function push(
  context: RequestContext,
  {initial, changes, selection}: WatchPlan,
  listener: (event: Event) => void,
  ended: () => void,
): void {
  const {signal} = context
  for (const event of initial) listener(event)
  const close = (): void => changes.close()
  signal?.addEventListener('abort', close, {once: true})
  changes.subscribe(
    (change) => {
      const event = translate(context, change, selection)
      if (event !== undefined) listener(event)
    },
    () => {
      signal?.removeEventListener('abort', close)
      ended()
    },
  )
  if (signal?.aborted) close()
}

/** Lets a quiet watch wake up from time to time. */
class Ticker {
  readonly #context: RequestContext
  #timer: Timer
  #wake: (tick: 'tick') => void = () => undefined

  constructor(context: RequestContext) {
    this.#context = context
    this.#timer = this.#schedule()
  }

  /** The result of `pending`, or `tick` when the interval ends first. */
  race<T>(pending: Promise<T>): Promise<T | 'tick'> {
    return new Promise((resolve, reject) => {
      this.#wake = resolve
      pending.then(resolve, reject)
    })
  }

  stop(): void {
    this.#timer.cancel()
  }

  #schedule(): Timer {
    return this.#context.server.clock.after(BOOKMARK_INTERVAL_MS, () => {
      this.#timer = this.#schedule()
      this.#wake('tick')
    })
  }
}

/**
 * What a change means to a watch that selects: an object may enter or leave it by a change.
 *
 * | selected before | selected after | event    |
 * | --------------- | -------------- | -------- |
 * | no              | yes            | ADDED    |
 * | yes             | yes            | MODIFIED |
 * | yes             | no             | DELETED  |
 * | no              | no             |          |
 */
function translate(
  {resource}: RequestContext,
  change: StorageEvent,
  selection: Selection,
): Event | undefined {
  const object = served(resource, change.object)
  if (selection.labels === undefined && selection.fields === undefined) {
    return {type: change.type, object}
  }
  const wasSelected =
    change.previous !== undefined && isSelected(served(resource, change.previous), selection)
  const isNow = change.type !== 'DELETED' && isSelected(object, selection)
  if (isNow) return {type: wasSelected ? 'MODIFIED' : 'ADDED', object}
  if (!wasSelected) return undefined
  if (change.type === 'DELETED') return {type: 'DELETED', object}
  // The watch saw the object as it was before, with the version of the change that took it away.
  const last = served(resource, change.previous ?? change.object)
  const {resourceVersion} = change.object.metadata
  const metadata = {...last.metadata, ...(resourceVersion !== undefined && {resourceVersion})}
  return {type: 'DELETED', object: {...last, metadata}}
}

function bookmark(
  {resource}: RequestContext,
  revision: number,
  annotations?: Record<string, string>,
): Event {
  return {
    type: 'BOOKMARK',
    object: {
      kind: resource.type.kind,
      apiVersion: resource.apiVersion,
      // A bookmark has no name; the type of all objects asks for one.
      metadata: {
        resourceVersion: String(revision),
        ...(annotations !== undefined && {annotations}),
      } as KubeObject['metadata'],
    },
  }
}
