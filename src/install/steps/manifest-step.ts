import type {KubeObject, UnknownObject} from '../../api/meta/object.ts'
import {isNotFound} from '../../api/meta/status-error.ts'
import {describeObject} from '../../client/apply-objects.ts'
import {applyRelease} from '../apply/apply-release.ts'
import {FIELD_MANAGER} from '../apply/patient-client.ts'
import {objectDiff} from '../plan/object-diff.ts'
import type {InstallContext, PlannedChange, Poll, Step} from '../step.ts'
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
      const objects = await load(context)
      return {changes: await Promise.all(objects.map((object) => planObject(object, context)))}
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

/** What applying an object would change, by a dry run on the server. */
export async function planObject(
  object: KubeObject,
  context: Pick<InstallContext, 'client' | 'mapper' | 'sendPlan'>,
): Promise<PlannedChange> {
  const type = await context.mapper.find(object)
  const {generateName, name} = object.metadata
  if (type === undefined || generateName !== undefined) {
    return {action: 'create', object: `${object.kind.toLowerCase()}/${name ?? generateName}`}
  }
  const described = describeObject(type, object)
  const before = await context.client.find(type, object.metadata)
  if (before === undefined && !context.sendPlan) return {action: 'create', object: described}
  const after = await context.client
    .apply(type, object, {fieldManager: FIELD_MANAGER, force: true, dryRun: true})
    .catch((error: unknown) => {
      // The namespace is created by the installation itself.
      if (before === undefined && isNotFound(error)) return undefined
      throw error
    })
  if (before === undefined || after === undefined) return {action: 'create', object: described}
  const diff = objectDiff(before as UnknownObject, after as UnknownObject)
  return diff.length === 0
    ? {action: 'none', object: described}
    : {action: 'change', object: described, diff}
}
