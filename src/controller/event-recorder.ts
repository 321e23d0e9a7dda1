import {formatTime} from '../api/condition-set.ts'
import {EVENTS, type Event} from '../api/core/v1.ts'
import type {KubeObject} from '../api/meta/object.ts'
import {isNamespaceTerminating, isNotFound} from '../api/meta/status-error.ts'
import type {Client} from '../client/client.ts'
import type {Clock} from '../util/clock.ts'

/** Who is told when an event cannot be written; events are never worth failing for. */
export type EventErrorSink = (error: unknown) => void

/** What is remembered of an event that was written. */
interface WrittenEvent {
  readonly namespace: string
  readonly name: string
  readonly count: number
}

/** Events that one recorder can count again. Each component has one, so that few are enough. */
const MOST_REMEMBERED = 512

/** Shared by all recorders: two of them may speak of one object within one millisecond. */
let sequence = 0

/**
 * Writes Events about objects.
 *
 * - Never throws and never delays its caller; `flush` waits for what is under way.
 * - The same event again raises its count instead of adding another.
 *
 * Counterpart of client-go `tools/record`.
 */
export class EventRecorder {
  readonly #client: Client
  readonly #clock: Clock
  readonly #component: string
  readonly #onError: EventErrorSink
  /** Events that may be said again, those said last at the end. */
  readonly #seen = new Map<string, WrittenEvent>()
  readonly #host: string | undefined
  #tail: Promise<void> = Promise.resolve()

  constructor(options: {
    client: Client
    clock: Clock
    component: string
    host?: string
    onError?: EventErrorSink
  }) {
    this.#client = options.client
    this.#clock = options.clock
    this.#component = options.component
    this.#host = options.host
    this.#onError = options.onError ?? (() => undefined)
  }

  /** Something went as it should. */
  normal(object: KubeObject, reason: string, message: string, fieldPath?: string): void {
    this.#record('Normal', object, {reason, message, ...(fieldPath !== undefined && {fieldPath})})
  }

  /** Something did not. */
  warning(object: KubeObject, reason: string, message: string, fieldPath?: string): void {
    this.#record('Warning', object, {reason, message, ...(fieldPath !== undefined && {fieldPath})})
  }

  /** Resolves when every event so far is written or given up. */
  flush(): Promise<void> {
    return this.#tail
  }

  #record(
    type: 'Normal' | 'Warning',
    object: KubeObject,
    what: {reason: string; message: string; fieldPath?: string},
  ): void {
    const nowMs = this.#clock.now()
    this.#tail = this.#tail
      .then(() => this.#write(type, object, what, nowMs))
      .catch((error: unknown) => {
        // Nobody will read what happened in a namespace that is going.
        if (!isNamespaceTerminating(error)) this.#onError(error)
      })
  }

  async #write(
    type: 'Normal' | 'Warning',
    object: KubeObject,
    what: {reason: string; message: string; fieldPath?: string},
    nowMs: number,
  ): Promise<void> {
    const id = [object.metadata.uid, type, what.reason, what.message, what.fieldPath].join('\n')
    const before = this.#seen.get(id)
    if (before !== undefined) {
      this.#seen.delete(id)
      if (await this.#countAgain(before, nowMs)) {
        this.#seen.set(id, {...before, count: before.count + 1})
        return
      }
    }
    sequence += 1
    const event = await this.#client.create(EVENTS, this.#make(type, object, what, nowMs))
    const {name, namespace = ''} = event.metadata
    this.#seen.set(id, {name, namespace, count: 1})
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > MOST_REMEMBERED && oldest !== undefined) this.#seen.delete(oldest)
  }

  /** Raises the count of an event; false when somebody has deleted it meanwhile. */
  async #countAgain({count, ...key}: WrittenEvent, nowMs: number): Promise<boolean> {
    try {
      await this.#client.patch(EVENTS, key, {
        type: 'merge',
        body: {count: count + 1, lastTimestamp: formatTime(nowMs)},
      })
      return true
    } catch (error) {
      if (isNotFound(error)) return false
      throw error
    }
  }

  #make(
    type: 'Normal' | 'Warning',
    object: KubeObject,
    what: {reason: string; message: string; fieldPath?: string},
    nowMs: number,
  ): Event {
    const {name, namespace = 'default', uid, resourceVersion} = object.metadata
    // Upstream: <object name>.<nanoseconds in hex>. The sequence keeps names of one millisecond apart.
    const suffix = (BigInt(nowMs) * 1_000_000n + BigInt(sequence % 1_000_000)).toString(16)
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {name: `${name}.${suffix}`, namespace},
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name,
        ...(object.metadata.namespace !== undefined && {namespace}),
        ...(uid !== undefined && {uid}),
        ...(resourceVersion !== undefined && {resourceVersion}),
        ...(what.fieldPath !== undefined && {fieldPath: what.fieldPath}),
      },
      reason: what.reason,
      message: what.message,
      type,
      count: 1,
      firstTimestamp: formatTime(nowMs),
      lastTimestamp: formatTime(nowMs),
      source: {component: this.#component, ...(this.#host !== undefined && {host: this.#host})},
      reportingComponent: this.#component,
      reportingInstance: this.#host ?? '',
    }
  }
}
