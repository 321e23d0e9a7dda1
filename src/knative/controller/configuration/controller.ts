import {CONFIGURATION_CONDITIONS} from '../../../api/serving/configuration-lifecycle.ts'
import type {Configuration} from '../../../api/serving/v1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {revisionInformer} from '../revision-index.ts'
import {ConfigurationReconciler} from './reconciler.ts'

/** Builds the controller of Configurations. */
export function createConfigurationController(
  deps: KnativeControllerDeps,
): Controller<Configuration> {
  const revisions = revisionInformer(deps.informers)
  const controller = createKnativeController(deps, {
    component: 'configuration-controller',
    reconciler: new ConfigurationReconciler({client: deps.client, revisions}),
    conditions: CONFIGURATION_CONDITIONS,
  })
  controller.watchOwned(revisions)
  return controller
}
