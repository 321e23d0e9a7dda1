import {CONFIGURATIONS, REVISIONS, type Route} from '../../../api/serving/v1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {BY_ROUTE, Labeler} from './reconciler.ts'
import {routesOf} from './routing-metadata.ts'

/** Builds the labeler. It speaks in events as the route controller, as upstream's does. */
export function createLabelerController(deps: KnativeControllerDeps): Controller<Route> {
  const {client, informers} = deps
  const revisions = informers.of(REVISIONS)
  const configurations = informers.of(CONFIGURATIONS)
  revisions.addIndex(BY_ROUTE, routesOf)
  configurations.addIndex(BY_ROUTE, routesOf)
  const controller = createKnativeController(deps, {
    component: 'route-controller',
    reconciler: new Labeler({client, revisions, configurations}),
  })
  controller.watchTracked(revisions)
  controller.watchTracked(configurations)
  return controller
}
