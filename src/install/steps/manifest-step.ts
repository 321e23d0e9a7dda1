import type {KubeObject} from '../../api/meta/object.ts'
import {applyRelease} from '../apply/apply-release.ts'
import {planObjects} from '../plan/plan-objects.ts'
import type {InstallContext, Poll, Step} from '../step.ts'
import {removal} from '../undo/remove-objects.ts'

/** What tells one manifest step from another. */
export interface ManifestStepOptions extends Pick<
  Step,
  'id' | 'title' | 'essential' | 'hint' | 'risks'
> {
  readonly load: (context: InstallContext) => Promise<readonly KubeObject[]>
  /** Whether what the objects bring about is there. */
  readonly ready: (context: InstallContext, objects: readonly KubeObject[]) => Promise<Poll>
  /** What undoing deletes, where it is not everything. */
  readonly undone?: (context: InstallContext) => Promise<readonly KubeObject[]>
}

/** A step that applies objects of a release file and then waits for what they bring about. */
export function manifestStep(options: ManifestStepOptions): Step {
  const {id, title, essential, hint, risks, load} = options
  return {
    id,
    title,
    ...(essential && {essential}),
    ...(hint !== undefined && {hint}),
    ...(risks && {risks}),
    check: async () => ({state: 'needed'}),
    async plan(context) {
      return {changes: await planObjects(await load(context), context)}
    },
    async apply(context) {
      await applyRelease(await load(context), context)
    },
    async observe(context) {
      return options.ready(context, await load(context))
    },
    undo: removal(options.undone ?? load),
  }
}
