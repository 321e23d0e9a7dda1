import {keyOf, type KubeObject, parseKey} from '../api/meta/object.ts'
import {controllerOf} from '../api/meta/owner.ts'
import type {ResourceType} from '../api/meta/resource-type.ts'
import {isConflict, isNotFound, statusErrorOf} from '../api/meta/status-error.ts'
import type {Client} from '../client/client.ts'
import type {Clock} from '../util/clock.ts'
import {cloneJson} from '../util/json.ts'
import {messageOf} from '../util/message-of.ts'
import {semanticEqual} from '../util/semantic-equal.ts'
import type {EventRecorder} from './event-recorder.ts'
import type {Informer} from './informer.ts'
import {KeyLoop, type Requeue, type RunnableController} from './key-loop.ts'
import {Tracker} from './tracker.ts'
import type {BackoffOptions, Workqueue} from './workqueue.ts'

/** What every reconciler is given besides the object. */
export interface ReconcileContext {
  readonly clock: Clock
  readonly events: EventRecorder
  /** The object's key in the work queue. */
  readonly key: string
  readonly tracker: Tracker
}

/** `undefined`: done until something changes. */
export type ReconcileResult = Requeue

/**
 * Converges one object. Level-based: it looks at the world as it is, never at what happened.
 *
 * - The status of `draft` is a private copy; everything else is shared with the cache and must not be
 *   changed. The controller writes the status once, if it changed, also when reconciling failed.
 * - A thrown error means: again, later, each time twice as late.
 * - Reconciling twice in a row writes nothing the second time.
 */
export interface KindReconciler<T extends KubeObject> {
  readonly type: ResourceType<T>
  reconcileKind(draft: T, context: ReconcileContext): Promise<ReconcileResult>
  /** With a finalizer, objects are kept until `finalizeKind` has succeeded. */
  readonly finalizer?: string
  finalizeKind?(draft: T, context: ReconcileContext): Promise<void>
  /** Called for an object that is gone: to drop what is remembered about it in memory. */
  observeDeleted?(key: string): void
  /** Called on the draft before and after `reconcileKind`: what all kinds of a family do. */
  preprocess?(draft: T, context: ReconcileContext): void
  postprocess?(draft: T, before: T, context: ReconcileContext): void
}

/** What a {@link Controller} needs. */
export interface ControllerOptions<T extends KubeObject> {
  readonly reconciler: KindReconciler<T>
  readonly informer: Informer<T>
  readonly client: Client
  readonly clock: Clock
  readonly events: EventRecorder
  readonly workers?: number
  readonly backoff?: BackoffOptions
  /** Which objects of the kind are ours; the others are never enqueued. */
  readonly where?: (object: T) => boolean
  /**
   * Whether failures become Warning events about the object, as with the reconcilers that knative.dev/pkg
   * generates; those of Kubernetes keep theirs to themselves.
   */
  readonly failureEvents?: boolean
  readonly onError?: (key: string, error: unknown) => void
}

/** The event of a reconciler that threw. */
const INTERNAL_ERROR = {reason: 'InternalError', prefix: ''}

/**
 * A queue, its workers and a reconciler, and the declaration of what enqueues what.
 *
 * Counterpart of knative.dev/pkg `controller.Impl` and the generated reconcilers around it.
 */
export class Controller<T extends KubeObject> implements RunnableController {
  readonly queue: Workqueue
  readonly tracker: Tracker
  readonly #options: ControllerOptions<T>
  readonly #loop: KeyLoop

  constructor(options: ControllerOptions<T>) {
    this.#options = options
    this.#loop = new KeyLoop({
      clock: options.clock,
      workers: options.workers ?? 10,
      ...(options.backoff !== undefined && {backoff: options.backoff}),
      sync: (key) => this.reconcile(key),
      onError: (key, error) => options.onError?.(key, error),
    })
    this.queue = this.#loop.queue
    this.tracker = new Tracker((key) => this.queue.add(key))
    const where = options.where ?? (() => true)
    options.informer.addHandler({
      onSet: (object) => {
        if (where(object)) this.queue.add(keyOf(object))
      },
      onDelete: (object) => {
        if (where(object)) this.queue.add(keyOf(object))
      },
    })
  }

  /** Enqueues the owner of an object of `informer` whenever it changes. */
  watchOwned<U extends KubeObject>(informer: Informer<U>): void {
    const {kind, group} = this.#options.reconciler.type
    this.watch(informer, (object) => {
      const owner = controllerOf(object)
      if (owner?.kind !== kind || groupOf(owner.apiVersion) !== group) return []
      const {namespace} = object.metadata
      return [namespace === undefined ? owner.name : `${namespace}/${owner.name}`]
    })
  }

  /** Enqueues the keys that `keysOf` names for each changed object of `informer`. */
  watch<U extends KubeObject>(
    informer: Informer<U>,
    keysOf: (object: U) => readonly string[],
  ): void {
    const enqueue = (object: U): void => {
      for (const key of keysOf(object)) this.queue.add(key)
    }
    informer.addHandler({
      onSet: (object, before) => {
        enqueue(object)
        if (before !== undefined) enqueue(before)
      },
      onDelete: enqueue,
    })
  }

  /** Enqueues those who track an object of `informer`. */
  watchTracked<U extends KubeObject>(informer: Informer<U>): void {
    const changed = (object: U): void => this.tracker.changed(informer.type, object)
    informer.addHandler({onSet: changed, onDelete: changed})
  }

  /** Enqueues every object of the kind, for instance after a ConfigMap changed. */
  enqueueAll(): void {
    const where = this.#options.where ?? (() => true)
    for (const object of this.#options.informer.list()) {
      if (where(object)) this.queue.add(keyOf(object))
    }
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#loop.run(signal)
  }

  /** Reconciles one key now. For tests and for the workers. */
  async reconcile(key: string): Promise<ReconcileResult> {
    const {reconciler, informer, clock, events} = this.#options
    const {namespace, name} = parseKey(key)
    const original = informer.get(namespace, name)
    if (original === undefined) {
      reconciler.observeDeleted?.(key)
      this.tracker.forget(key)
      return undefined
    }
    const context: ReconcileContext = {clock, events, key, tracker: this.tracker}
    if (original.metadata.deletionTimestamp !== undefined) {
      await this.#finalize(original, context)
      return undefined
    }
    if (await this.#addFinalizer(original)) return undefined

    const draft = draftOf(original)
    reconciler.preprocess?.(draft, context)
    const outcome = await settleOutcome(
      this.#report(original, INTERNAL_ERROR, () => reconciler.reconcileKind(draft, context)),
    )
    reconciler.postprocess?.(draft, original, context)
    const failure = {
      reason: 'UpdateFailed',
      prefix: `Failed to update status for "${original.metadata.name}": `,
    }
    await this.#report(original, failure, () => this.#writeStatus(original, draft))
    return outcome()
  }

  /** Runs `work`; where failures become events, one is said in an event before it is thrown on. */
  async #report<R>(
    object: T,
    {reason, prefix}: {readonly reason: string; readonly prefix: string},
    work: () => Promise<R>,
  ): Promise<R> {
    try {
      return await work()
    } catch (error) {
      // Differs from upstream, which reports conflicts too: they only say that the cache was behind, as
      // it is about an object that has gone.
      const isBehind =
        isConflict(statusErrorOf(error)) || (reason !== INTERNAL_ERROR.reason && isNotFound(error))
      if (this.#options.failureEvents === true && !isBehind) {
        this.#options.events.warning(object, reason, `${prefix}${messageOf(error)}`)
      }
      throw error
    }
  }

  async #writeStatus(original: T, draft: T): Promise<void> {
    const {reconciler, client} = this.#options
    const before = (original as {status?: unknown}).status
    const after = (draft as {status?: unknown}).status
    if (semanticEqual(before, after)) return
    try {
      await client.updateStatus(reconciler.type, draft)
    } catch (error) {
      if (isNotFound(error)) return
      if (!isConflict(error)) throw error
      // Only the status is ours to write: put it on the newest object, as upstream's retry does.
      const newest = await client.find(reconciler.type, original.metadata)
      if (newest === undefined) return
      await client.updateStatus(reconciler.type, {...newest, status: after} as T)
    }
  }

  async #addFinalizer(object: T): Promise<boolean> {
    const {reconciler, events} = this.#options
    const {finalizer} = reconciler
    if (finalizer === undefined || object.metadata.finalizers?.includes(finalizer)) return false
    const finalizers = [...(object.metadata.finalizers ?? []), finalizer]
    await this.#setFinalizers(object, finalizers)
    announceFinalizers(events, object)
    return true
  }

  async #finalize(object: T, context: ReconcileContext): Promise<void> {
    const {reconciler, events} = this.#options
    const {finalizer} = reconciler
    if (finalizer === undefined || !object.metadata.finalizers?.includes(finalizer)) return
    await this.#report(object, INTERNAL_ERROR, async () =>
      reconciler.finalizeKind?.(cloneJson(object), context),
    )
    try {
      const {finalizers} = object.metadata
      await this.#setFinalizers(
        object,
        finalizers.filter((other) => other !== finalizer),
      )
      announceFinalizers(events, object)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  async #setFinalizers(object: T, finalizers: readonly string[]): Promise<void> {
    const {reconciler, client} = this.#options
    const {name, resourceVersion} = object.metadata
    const failure = {
      reason: 'FinalizerUpdateFailed',
      prefix: `Failed to update finalizers for "${name}": `,
    }
    await this.#report(object, failure, () =>
      client.patch(reconciler.type, object.metadata, {
        type: 'merge',
        body: {metadata: {finalizers, resourceVersion}},
      }),
    )
  }
}

/** Waits for `promise` and answers how to go on: by its value or by throwing what it threw. */
async function settleOutcome<R>(promise: Promise<R>): Promise<() => Promise<R>> {
  await Promise.allSettled([promise])
  return () => promise
}

/** A copy whose status is its own. The rest stays shared with the cache: nobody may change that. */
function draftOf<T extends KubeObject>(original: T): T {
  const {status} = original as {status?: unknown}
  return status === undefined ? {...original} : {...original, status: cloneJson(status)}
}

/** As the generated reconcilers of Knative say it, those of net-istio included. */
function announceFinalizers(events: EventRecorder, object: KubeObject): void {
  events.normal(object, 'FinalizerUpdate', `Updated "${object.metadata.name}" finalizers`)
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}
