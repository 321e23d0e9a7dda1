import type {Configuration} from '../../../api/serving/v1.ts'
import type {Controller} from '../../../controller/controller.ts'
import {
  createKnativeController,
  type KnativeControllerDeps,
} from '../../../controller/knative-controller.ts'
import {revisionInformer} from '../revision-index.ts'
import {RevisionCollector} from './reconciler.ts'

/** Builds the garbage collector of revisions. */
export function createRevisionGcController(deps: KnativeControllerDeps): Controller<Configuration> {
  const {client, configs, informers} = deps
  const revisions = revisionInformer(informers)
  const controller = createKnativeController(deps, {
    component: 'revision-gc-controller',
    reconciler: new RevisionCollector({client, configs, revisions}),
    resyncOn: ['gc'],
  })
  controller.watchOwned(revisions)
  return controller
}
