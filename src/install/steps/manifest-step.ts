import type {KubeObject} from '../../api/meta/object.ts'
import {applyObjects, describeObject} from '../../client/apply-objects.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'
import type {InstallContext, PlannedChange, Step} from '../step.ts'

/** The field manager of everything kntool applies. */
export const FIELD_MANAGER = 'kntool'

/** What tells one manifest step from another. */
export interface ManifestStepOptions {
  readonly id: string
  readonly title: string
  readonly load: (context: InstallContext) => Promise<KubeObject[]>
  readonly verify: (context: InstallContext) => Promise<void>
}

/** A step that applies objects of a release file and then waits for what they bring about. */
export function manifestStep(options: ManifestStepOptions): Step {
  return {
    id: options.id,
    title: options.title,
    check: () => Promise.resolve({state: 'needed'}),
    async plan(context) {
      return Promise.all((await options.load(context)).map((object) => planObject(object, context)))
    },
    async apply(context) {
      const objects = await options.load(context)
      context.progress(`applying ${objects.length} objects`)
      await applyObjects(objects, {
        client: context.client,
        mapper: context.mapper,
        fieldManager: FIELD_MANAGER,
      })
    },
    verify: options.verify,
  }
}

async function planObject(object: KubeObject, context: InstallContext): Promise<PlannedChange> {
  const type = await context.mapper.find(object)
  if (type === undefined) {
    return {action: 'create', object: `${object.kind.toLowerCase()}/${object.metadata.name}`}
  }
  const name = describeObject(type, object)
  const before = await context.client.find(type, object.metadata)
  if (before === undefined) return {action: 'create', object: name}
  const after = await context.client.apply(type, object, {
    fieldManager: FIELD_MANAGER,
    force: true,
    dryRun: true,
  })
  return {action: sameButForBookkeeping(before, after) ? 'none' : 'change', object: name}
}

function sameButForBookkeeping(before: KubeObject, after: KubeObject): boolean {
  const essence = (object: KubeObject): unknown => ({
    ...object,
    metadata: {...object.metadata, managedFields: [], resourceVersion: '', generation: 0},
  })
  return semanticEqual(essence(before), essence(after))
}
