import {messageOf} from '../../util/message-of.ts'
import type {ConditionSet} from '../../api/condition-set.ts'
import type {ConfigSnapshot, ConfigStore} from '../../api/config/config-store.ts'
import {completeStatus, prepareStatus} from '../../api/reconcile-status.ts'
import type {KnativeObject} from '../../api/serving/v1.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import {isConflict} from '../../api/meta/status-error.ts'
import type {Client} from '../../client/client.ts'
import {
  Controller,
  type KindReconciler,
  type ReconcileContext,
} from '../../controller/controller.ts'
import type {EventRecorder} from '../../controller/event-recorder.ts'
import type {InformerFactory} from '../../controller/informer.ts'
import type {Clock} from '../../util/clock.ts'

/** What the controllers of Knative Serving share. */
export interface KnativeControllerDeps {
  readonly client: Client
  readonly informers: InformerFactory
  readonly clock: Clock
  /** The recorder of a component; asked for the same name again, the same recorder. */
  readonly events: (component: string) => EventRecorder
  readonly configs: ConfigStore
  /** Told of failures that are tried again; conflicts are not among them. */
  readonly onError?: (component: string, key: string, error: unknown) => void
}

/** What one controller is made of. */
export interface KnativeControllerOptions<T extends KubeObject> {
  /** Names the controller in events: `service-controller`. */
  readonly component: string
  readonly reconciler: KindReconciler<T>
  /** Which objects of the kind are this controller's; by default all. */
  readonly where?: (object: T) => boolean
  /** The conditions of a Knative kind; a controller without them leaves the status alone. */
  readonly conditions?: ConditionSet
  /** ConfigMaps whose change concerns every object of the kind. */
  readonly resyncOn?: readonly (keyof ConfigSnapshot)[]
}

/**
 * Builds a controller of Knative Serving: where the kind is Knative's own its status is prepared and completed around each
 * reconcile, a failure becomes an `InternalError` event, and changes of ConfigMaps reach all objects.
 *
 * Counterpart of the reconcilers that knative.dev/pkg `codegen` generates.
 */
export function createKnativeController<T extends KubeObject>(
  deps: KnativeControllerDeps,
  options: KnativeControllerOptions<T>,
): Controller<T> {
  const {component, reconciler, where, conditions, resyncOn = []} = options
  const events = deps.events(component)
  const {clock, client, configs, onError} = deps
  const controller = new Controller<T>({
    reconciler: reporting(reconciler, conditions),
    informer: deps.informers.of(reconciler.type),
    client,
    clock,
    events,
    ...(where !== undefined && {where}),
    ...(onError !== undefined && {onError: (key, error) => onError(component, key, error)}),
  })
  if (resyncOn.length > 0) {
    configs.onChange((_snapshot, entry) => {
      if (resyncOn.includes(entry)) controller.enqueueAll()
    })
  }
  return controller
}

/** A reconciler together with what all kinds of the family do. */
function reporting<T extends KubeObject>(
  inner: KindReconciler<T>,
  conditions: ConditionSet | undefined,
): KindReconciler<T> {
  return {
    type: inner.type,
    ...(inner.finalizer !== undefined && {finalizer: inner.finalizer}),
    reconcileKind: (draft, context) =>
      report(draft, context, async () => inner.reconcileKind(draft, context)),
    finalizeKind: (draft, context) =>
      report(draft, context, async () => inner.finalizeKind?.(draft, context)),
    observeDeleted: (key) => inner.observeDeleted?.(key),
    ...(conditions !== undefined && {
      preprocess: (draft: T, context: ReconcileContext) =>
        prepareStatus(draft as KnativeObject, conditions, context.clock.now()),
      postprocess: (draft: T, before: T, context: ReconcileContext) =>
        completeStatus(draft as KnativeObject, before as KnativeObject, context.clock.now()),
    }),
  }
}

/** Runs `work`; a failure is said in an event before it is thrown on. */
async function report<T>(
  object: KubeObject,
  {events}: ReconcileContext,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // Differs from upstream, which reports conflicts too: they only say that the cache was behind.
    if (!isConflict(error)) events.warning(object, 'InternalError', messageOf(error))
    throw error
  }
}
