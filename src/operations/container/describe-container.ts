import type {Container} from '../../api/core/v1.ts'
import type {RevisionSpec} from '../../api/serving/v1.ts'
import {toGoContainer} from '../gitops/go-form.ts'
import {applyPodEdits} from '../service/edit/apply-edits.ts'
import type {ServiceEdits} from '../service/edit/service-edits.ts'
import {newService} from '../service/new-service.ts'

/**
 * The pod spec of a container that the edits describe, followed by containers described before: what
 * `--containers` of the commands that write Services reads. Throws `KN_USAGE`.
 */
export function describeContainer(
  name: string,
  edits: ServiceEdits,
  before: readonly Container[],
): RevisionSpec {
  const {spec} = applyPodEdits(newService({namespace: '', name}), {...edits, containers: before})
  const [first, ...others] = spec.containers
  return {...spec, containers: [{...first, name}, ...others].map(toGoContainer)}
}
