import {REPLICA_SETS, type ReplicaSet} from '../../../api/apps/v1.ts'
import {type Pod, PODS} from '../../../api/core/v1.ts'
import {controllerOf} from '../../../api/meta/owner.ts'
import {Controller} from '../../../controller/controller.ts'
import {Claims} from '../claim.ts'
import {type ControllerDeps, errorSink, recorderFor} from '../controller-deps.ts'
import {indexByController} from '../owner-index.ts'
import {Expectations} from './expectations.ts'
import {ReplicaSetReconciler} from './reconciler.ts'

/** The controller of ReplicaSets. */
export function createReplicaSetController(deps: ControllerDeps): Controller<ReplicaSet> {
  const pods = indexByController(deps.informers.of(PODS))
  const expectations = new Expectations(deps.clock)
  const seen = (pod: Pod): void => {
    const owner = controllerOf(pod)
    if (owner?.kind !== 'ReplicaSet') return
    expectations.seen(`${pod.metadata.namespace}/${owner.name}`, pod.metadata.uid ?? '')
  }
  // Registered before the controller's own handler: a round that the pod's event starts must find
  // the expectation fulfilled.
  pods.addHandler({
    onSet: (pod, before) => {
      if (before === undefined || pod.metadata.deletionTimestamp !== undefined) seen(pod)
    },
    onDelete: seen,
  })
  const replicaSets = deps.informers.of(REPLICA_SETS)
  const claims = new Claims(deps.client, replicaSets, pods)
  const controller = new Controller({
    reconciler: new ReplicaSetReconciler({client: deps.client, pods, claims, expectations}),
    informer: replicaSets,
    client: deps.client,
    clock: deps.clock,
    events: recorderFor(deps, 'replicaset-controller'),
    onError: errorSink(deps, 'replicaset-controller'),
  })
  controller.watchOwned(pods)
  controller.watch(pods, (pod) => claims.claimants(pod))
  return controller
}
