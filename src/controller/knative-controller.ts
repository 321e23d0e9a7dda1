import type {ConditionSet} from '../api/condition-set.ts'
import type {ConfigSnapshot, ConfigStore} from '../api/config/config-store.ts'
import {completeStatus, prepareStatus} from '../api/reconcile-status.ts'
import type {KnativeObject} from '../api/serving/v1.ts'
import type {KubeObject} from '../api/meta/object.ts'
import type {Client} from '../client/client.ts'
import {Controller, type KindReconciler} from './controller.ts'
import type {EventRecorder} from './event-recorder.ts'
import type {InformerFactory} from './informer.ts'
import type {Clock} from '../util/clock.ts'

/** What the controllers of one program of Knative share: `controller`, `autoscaler`, `net-istio-controller`. */
export interface KnativeControllerDeps {
  /** The program's own way to the API. */
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
  /** Names the controller in events and failures: `service-controller`. */
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
 * Builds a controller of Knative: where the kind is Knative's own its status is prepared and completed around each
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
    reconciler: conditions === undefined ? reconciler : withStatus(reconciler, conditions),
    informer: deps.informers.of(reconciler.type),
    client,
    clock,
    events,
    failureEvents: true,
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

/** A reconciler together with what all Knative kinds do about their status. */
function withStatus<T extends KubeObject>(
  inner: KindReconciler<T>,
  conditions: ConditionSet,
): KindReconciler<T> {
  return {
    type: inner.type,
    ...(inner.finalizer !== undefined && {finalizer: inner.finalizer}),
    reconcileKind: (draft, context) => inner.reconcileKind(draft, context),
    finalizeKind: async (draft, context) => inner.finalizeKind?.(draft, context),
    observeDeleted: (key) => inner.observeDeleted?.(key),
    preprocess: (draft, context) =>
      prepareStatus(draft as KnativeObject, conditions, context.clock.now()),
    postprocess: (draft, before, context) =>
      completeStatus(draft as KnativeObject, before as KnativeObject, context.clock.now()),
  }
}
