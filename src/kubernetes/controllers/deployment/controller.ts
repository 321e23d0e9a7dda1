import {type Deployment, DEPLOYMENTS, REPLICA_SETS} from '../../../api/apps/v1.ts'
import {PODS} from '../../../api/core/v1.ts'
import {controllerOf} from '../../../api/meta/owner.ts'
import {Controller} from '../../../controller/controller.ts'
import {Claims} from '../claim.ts'
import {type ControllerDeps, errorSink, recorderFor} from '../controller-deps.ts'
import {indexByController} from '../owner-index.ts'
import {isRollingUpdate} from './fenceposts.ts'
import {DeploymentReconciler} from './reconciler.ts'

/** The controller of Deployments. */
export function createDeploymentController(deps: ControllerDeps): Controller<Deployment> {
  const deployments = deps.informers.of(DEPLOYMENTS)
  const replicaSets = indexByController(deps.informers.of(REPLICA_SETS))
  const pods = indexByController(deps.informers.of(PODS))
  const claims = new Claims(deps.client, deployments, replicaSets)
  const controller = new Controller({
    reconciler: new DeploymentReconciler({client: deps.client, claims, pods}),
    informer: deployments,
    client: deps.client,
    clock: deps.clock,
    events: recorderFor(deps, 'deployment-controller'),
    onError: errorSink(deps, 'deployment-controller'),
  })
  controller.watchOwned(replicaSets)
  controller.watch(replicaSets, (replicaSet) => claims.claimants(replicaSet))
  // Recreate waits until the last old pod is gone; nobody else needs to know about pods.
  pods.addHandler({
    onDelete: (pod) => {
      const {namespace} = pod.metadata
      const replicaSet = replicaSets.get(namespace, controllerOf(pod)?.name ?? '')
      const owner = replicaSet && controllerOf(replicaSet)
      const deployment = owner && deployments.get(namespace, owner.name)
      if (deployment !== undefined && !isRollingUpdate(deployment)) {
        controller.queue.add(`${namespace}/${deployment.metadata.name}`)
      }
    },
  })
  return controller
}
